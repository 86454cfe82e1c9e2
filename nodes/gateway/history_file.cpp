// The whole file is replaced each time: it is a few hundred kilobytes for a fleet of dozens of devices.
#include "nodes/gateway/history_file.hpp"

#include <cctype>
#include <span>

#include "actors/disk/durable_file.hpp"
#include "actors/log.hpp"
#include "messages/codec.hpp"

namespace trainyard {
namespace {

constexpr std::uintmax_t most_history_bytes = 64U << 20U; ///< many times what the largest fleet's has

/// Address and port as a file name: nothing in it but letters, digits, dots and dashes.
std::string file_name_of(std::string name) {
  for (auto& each : name)
    if (std::isalnum(static_cast<unsigned char>(each)) == 0 && each != '.')
      each = '-';
  return "gateway-" + name + ".history";
}

} // namespace

history_file::history_file(const std::filesystem::path& folder, const std::string& name) {
  if (folder.empty())
    return;
  file_ = folder / file_name_of(name);
  thread_ = std::make_unique<task_thread>();
}

std::optional<board_memory> history_file::read() const {
  std::error_code ignored;
  if (file_.empty() || !std::filesystem::is_regular_file(file_, ignored))
    return {};
  const auto warn = [&](const std::string& why) -> std::optional<board_memory> {
    log(log_level::warn, "gateway", "the history before this start is lost: " + file_.string() + ": " + why);
    return {};
  };
  if (std::filesystem::file_size(file_, ignored) > most_history_bytes)
    return warn("it is too large to be one");
  const auto bytes = read_file(file_);
  if (!bytes)
    return warn(bytes.error().cause);
  auto memory = from_msgpack<board_memory>(std::as_bytes(std::span(*bytes)));
  return memory ? std::optional(std::move(*memory)) : warn(memory.error().cause);
}

void history_file::finish(const board_memory& memory) {
  thread_.reset();
  write(memory);
}

void history_file::write(const board_memory& memory) {
  if (file_.empty())
    return;
  const auto bytes = to_msgpack(memory);
  auto kept = make_directories(file_.parent_path());
  if (kept)
    kept = replace_file(file_, std::string_view(reinterpret_cast<const char*>(bytes.data()), bytes.size()));
  if (kept)
    has_warned_ = false;
  else if (!has_warned_.exchange(true))
    log(log_level::warn, "gateway", "the history cannot be kept over a restart: " + kept.error().cause);
}

void history_file::write_soon(board_memory memory) {
  if (!thread_ || writing_.exchange(true))
    return;
  thread_->post([this, memory = std::make_shared<board_memory>(std::move(memory))] {
    write(*memory);
    writing_ = false;
  });
}

} // namespace trainyard
