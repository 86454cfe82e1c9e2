// The only file that includes spdlog; its target never links torch.
#include "actors/log.hpp"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include "messages/json_codec.hpp"

namespace trainyard {

namespace {

struct sink_state {
  log_settings settings;
  std::shared_ptr<spdlog::logger> logger =
      std::make_shared<spdlog::logger>("trainyard", std::make_shared<spdlog::sinks::stderr_sink_mt>());
};

sink_state& state() {
  static sink_state only;
  return only;
}

spdlog::level::level_enum spdlog_level(log_level level) {
  using namespace spdlog::level;
  switch (level) {
  case log_level::debug:
    return debug;
  case log_level::info:
    return info;
  case log_level::warn:
    return warn;
  case log_level::error:
    return err;
  case log_level::off:
    return off;
  }
  return info;
}

} // namespace

void set_up_log(log_settings settings) {
  auto& log = state();
  log.settings = std::move(settings);
  log.logger->set_level(spdlog_level(log.settings.level));
  log.logger->set_pattern(log.settings.json ? R"({"ts":"%Y-%m-%dT%H:%M:%S.%eZ","level":"%l",%v})"
                                            : "%Y-%m-%dT%H:%M:%S.%eZ %l %v",
                          spdlog::pattern_time_type::utc);
  log.logger->flush_on(spdlog::level::debug);
}

void log(log_level level, std::string_view component, const std::string& text) {
  auto& log = state();
  if (!log.logger->should_log(spdlog_level(level)))
    return;
  if (log.settings.before_line)
    log.settings.before_line();
  const auto line = log.settings.json ? "\"component\":\"" + std::string(component) +
                                            "\",\"msg\":" + nlohmann::json(printable_utf8(text)).dump()
                                      : "[" + std::string(component) + "] " + printable_utf8(text);
  log.logger->log(spdlog_level(level), "{}", line);
}

log_level log_level_of(std::string_view text) noexcept {
  return text == "debug"   ? log_level::debug
         : text == "warn"  ? log_level::warn
         : text == "error" ? log_level::error
         : text == "off"   ? log_level::off
                           : log_level::info;
}

} // namespace trainyard
