// The report in its two forms.
#include "nodes/terminal/report.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "messages/json_codec.hpp"
#include "nodes/terminal/safe_text.hpp"
#include "nodes/terminal/units.hpp"

namespace trainyard {
namespace {

constexpr std::size_t sparkline_columns = 40;
constexpr std::uint64_t fewest_batches_of_a_slope = 16;

double finite(double value) {
  return std::isfinite(value) ? value : 0;
}

/// JSON has no infinity; a null where programs expect a number would break them.
session_report with_finite_numbers(session_report report) {
  for (auto* each : {&report.seconds, &report.images_per_second, &report.stages.read, &report.stages.decode,
                     &report.stages.forward, &report.stages.publish, &report.stages.write})
    *each = finite(*each);
  for (auto& device : report.devices) {
    device.images_per_second = finite(device.images_per_second);
    device.memory.collection_seconds = finite(device.memory.collection_seconds);
    device.memory.slope_bytes_per_batch = finite(device.memory.slope_bytes_per_batch);
  }
  return report;
}

class table {
public:
  void row(std::string_view label, const std::string& value) {
    constexpr std::size_t label_columns = 11;
    std::string padded(label);
    padded.resize(std::max(label_columns, padded.size()), ' ');
    text_ += padded + value + "\n";
  }
  [[nodiscard]] std::string take() { return std::move(text_); }

private:
  std::string text_;
};

std::string coloured(const std::string& text, const char* code, bool colour) {
  return colour ? "\033[" + std::string(code) + "m" + text + "\033[0m" : text;
}

std::string state_text(const session_report& report, bool colour) {
  const bool good = report.state == "completed" && report.failed == 0;
  auto text = coloured(safe_text(report.state), good ? "1;32" : "1;33", colour);
  if (!report.reason.empty())
    text += " (" + safe_text(report.reason) + ")";
  return text + "  session " + safe_text(report.session_id);
}

std::string images_text(const session_report& report, bool colour) {
  auto text = with_thousands(report.embedded) + " embedded";
  const auto failed = with_thousands(report.failed) + " failed";
  text += ", " + (report.failed > 0 ? coloured(failed, "1;31", colour) : failed);
  text += ", " + with_thousands(report.skipped) + " skipped";
  if (report.pending > 0)
    text += ", " + with_thousands(report.pending) + " pending";
  return text + " of " + with_thousands(report.total);
}

std::string changes_text(const changes_report& changes) {
  std::string text;
  const auto add = [&](std::uint64_t count, const char* what) {
    if (count > 0)
      text += (text.empty() ? "" : ", ") + with_thousands(count) + " " + what;
  };
  add(changes.added, "new");
  add(changes.changed, "changed");
  add(changes.retried, "retried");
  add(changes.pruned, "pruned");
  add(changes.vanished, "not in the folder any more");
  return (text.empty() ? "none" : text) + ", " + with_thousands(changes.unchanged) + " unchanged" +
         (changes.touched > 0 ? " (" + with_thousands(changes.touched) + " by their content)" : "");
}

std::string stages_text(const stages_report& stages) {
  const std::array<std::pair<const char*, double>, 5> each_stage{{{"read", stages.read},
                                                                  {"decode", stages.decode},
                                                                  {"forward", stages.forward},
                                                                  {"publish", stages.publish},
                                                                  {"write", stages.write}}};
  std::string text;
  for (const auto& [name, seconds] : each_stage)
    text += (text.empty() ? "" : ", ") + std::string(name) + " " +
            duration_text(std::chrono::duration<double>(seconds));
  return text + " (summed over threads)";
}

std::string memory_text(const device_report& device) {
  const auto& memory = device.memory;
  auto text = "first batch " + bytes_text(memory.after_first_batch_bytes) + ", steady " +
              bytes_text(memory.steady_bytes) + ", peak " + bytes_text(memory.peak_bytes);
  if (memory.limit_bytes > 0)
    text += " of " + bytes_text(memory.limit_bytes);
  if (device.batches < fewest_batches_of_a_slope) // a line through a handful of points says nothing
    return text;
  return text + ", slope " + signed_bytes_text(memory.slope_bytes_per_batch) + "/batch";
}

std::string upkeep_text(const memory_report& memory) {
  auto text = with_thousands(memory.collections) + " collections";
  if (memory.collections > 0)
    text += " in " + duration_text(std::chrono::duration<double>(memory.collection_seconds));
  if (const auto early = memory.collection_reasons.soft_mark + memory.collection_reasons.hard_mark; early > 0)
    text += ", " + with_thousands(early) + " of them early";
  if (memory.oom_retries > 0 || memory.oom_splits > 0)
    text += ", out of memory: " + with_thousands(memory.oom_retries) + " retries, " +
            with_thousands(memory.oom_splits) + " splits";
  return text;
}

void add_device(table& out, const device_report& device, bool utf8) {
  auto name = safe_text(device.id);
  if (!device.name.empty() && device.name != device.id)
    name += " (" + safe_text(device.name) + ")";
  out.row("device", name);
  out.row("", with_thousands(device.images) + " images in " + with_thousands(device.batches) + " batches, " +
                  rate_text(device.images_per_second) + " img/s, " + upkeep_text(device.memory));
  out.row("  memory", memory_text(device));
  const auto line = sparkline(device.memory.series_bytes, sparkline_columns, utf8);
  if (line.empty())
    return;
  const auto [low, high] = std::ranges::minmax(device.memory.series_bytes);
  out.row("", line + "  " + bytes_text(low) + " to " + bytes_text(high));
}

} // namespace

std::string report_json(const session_report& report) {
  return to_json_text(with_finite_numbers(report)) + "\n";
}

std::string report_table(const session_report& report, const terminal_facts& facts) {
  const bool colour = choose_colour(facts);
  table out;
  out.row("state", state_text(report, colour));
  out.row("images", images_text(report, colour));
  if (report.changes)
    out.row("changes", changes_text(*report.changes));
  out.row("time", duration_text(std::chrono::duration<double>(report.seconds)) + ", " +
                      rate_text(report.images_per_second) + " img/s");
  out.row("model", safe_text(report.model) + ", " + std::to_string(report.dim) + " x " +
                       safe_text(report.dtype) +
                       (report.space_id.empty() ? "" : ", space " + safe_text(report.space_id)));
  for (const auto& each : report.devices)
    add_device(out, each, facts.utf8);
  out.row("stages", stages_text(report.stages));
  out.row("output", safe_text(report.output));
  return out.take();
}

std::string sparkline(const std::vector<std::uint64_t>& series, std::size_t width, bool utf8) {
  constexpr std::array blocks{"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
  if (series.size() < 2 || width == 0)
    return "";
  const auto [low, high] = std::ranges::minmax(series);
  const auto points = std::min(series.size(), width);
  std::string line;
  for (std::size_t i = 0; i < points; ++i) {
    const auto begin = series.begin() + static_cast<std::ptrdiff_t>(i * series.size() / points);
    const auto end = series.begin() + static_cast<std::ptrdiff_t>((i + 1) * series.size() / points);
    // The highest of the values that share a column: a peak is what people look for.
    const auto top = *std::max_element(begin, end);
    const auto share = high == low ? 0.0 : static_cast<double>(top - low) / static_cast<double>(high - low);
    const auto level = static_cast<std::size_t>(std::lround(share * static_cast<double>(blocks.size() - 1)));
    line += utf8 ? std::string(blocks[level]) : std::to_string(level + 1);
  }
  return line;
}

} // namespace trainyard
