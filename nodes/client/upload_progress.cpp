// Seldom enough for a log, often enough for a person.
#include "nodes/client/upload_progress.hpp"

#include <algorithm>
#include <cstdio>

#include <nlohmann/json.hpp>

#include "nodes/terminal/units.hpp"

namespace trainyard {

namespace {

using namespace std::chrono_literals;

std::string json_line(const upload_counts& counts, std::uint64_t images, std::uint64_t bytes) {
  return nlohmann::ordered_json{{"upload",
                                 {{"images", counts.images},
                                  {"images_total", images},
                                  {"already_there", counts.already_there},
                                  {"bytes_sent", counts.bytes_sent},
                                  {"bytes", counts.bytes_done},
                                  {"bytes_total", bytes},
                                  {"ended", counts.ended}}}}
      .dump();
}

} // namespace

std::string upload_line(const upload_counts& counts, std::uint64_t images, std::uint64_t bytes,
                        double seconds) {
  auto line = (counts.ended ? "Uploaded " : "Uploading ") + with_thousands(counts.images) + "/" +
              with_thousands(images) + " images, " + bytes_text(counts.bytes_done) + " of " +
              bytes_text(bytes);
  if (counts.already_there > 0)
    line += ", " + with_thousands(counts.already_there) + " were there already";
  if (counts.bytes_sent > 0 && seconds > 0.5)
    line += ", " + bytes_text(static_cast<std::uint64_t>(static_cast<double>(counts.bytes_sent) / seconds)) +
            "/s";
  return line;
}

upload_progress::upload_progress(const settings& from, std::uint64_t images, std::uint64_t bytes)
    : mode_(choose_progress(from.text("run.progress"), facts_of(2))), images_(images), bytes_(bytes) {}

bool upload_progress::due(const upload_counts& counts) const {
  if (mode_ == progress_mode::none || said_end_)
    return false;
  const auto gap = mode_ == progress_mode::tty ? 0s : mode_ == progress_mode::json ? 1s : 10s;
  return counts.ended || steady::now() - last_ >= gap;
}

void upload_progress::show(const upload_counts& counts) {
  if (!due(counts))
    return;
  last_ = steady::now();
  said_end_ = counts.ended;
  const auto seconds = std::chrono::duration<double>(last_ - begun_).count();
  auto line = mode_ == progress_mode::json ? json_line(counts, images_, bytes_)
                                           : upload_line(counts, images_, bytes_, seconds);
  if (mode_ == progress_mode::tty)
    line = "\r\x1b[K" + line.substr(0, std::max<std::size_t>(columns_of(2), 1)) + (counts.ended ? "\n" : "");
  else
    line += "\n";
  std::fputs(line.c_str(), stderr);
}

} // namespace trainyard
