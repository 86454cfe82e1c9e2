// The only file that includes spdlog; its target never links torch.
#include "actors/log.hpp"

#include <cstdlib>

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>
#include <sys/stat.h>

#include "actors/log_line.hpp"

namespace trainyard {

namespace {

struct sink_state {
  log_settings settings;
  log_form form;
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

/// systemd names the device and inode of the stream that it has given us.
bool stderr_is_journal() {
  const char* named = std::getenv("JOURNAL_STREAM");
  struct stat facts {};
  return named && ::fstat(2, &facts) == 0 &&
         named == std::to_string(facts.st_dev) + ":" + std::to_string(facts.st_ino);
}

} // namespace

void set_up_log(log_settings settings) {
  auto& log = state();
  log.settings = std::move(settings);
  log.form = {log.settings.json, stderr_is_journal()};
  log.logger->set_level(spdlog_level(log.settings.level));
  log.logger->set_pattern("%v");
  log.logger->flush_on(spdlog::level::debug);
}

void log(log_level level, std::string_view component, const std::string& text) {
  auto& log = state();
  if (!log.logger->should_log(spdlog_level(level)))
    return;
  if (log.settings.before_line)
    log.settings.before_line();
  log.logger->log(spdlog_level(level), "{}",
                  log_line({std::chrono::system_clock::now(), level, component, text}, log.form));
}

const log_form& form_of_log() {
  return state().form;
}

log_level log_level_of(std::string_view text) noexcept {
  return text == "debug"   ? log_level::debug
         : text == "warn"  ? log_level::warn
         : text == "error" ? log_level::error
         : text == "off"   ? log_level::off
                           : log_level::info;
}

} // namespace trainyard
