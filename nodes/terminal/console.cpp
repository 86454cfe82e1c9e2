// One lock round everything that stands on stderr.
#include "nodes/terminal/console.hpp"

#include <cstdio>

#include "actors/log.hpp"
#include "nodes/terminal/error_text.hpp"

namespace trainyard {

console::console(const settings& from)
    : facts_(facts_of(2)), mode_(choose_progress(from.text("run.progress"), facts_)), view_(mode_, facts_) {
  log_settings lines;
  lines.level = log_level_of(from.text("log.level"));
  // A redrawn bar and a line per collection do not go together: on a terminal, unless asked for, only
  // warnings.
  if (mode_ == progress_mode::tty && from.origin_of("log.level").from == source::standard)
    lines.level = log_level::warn;
  lines.before_line = [this] { hide(); };
  set_up_log(std::move(lines));
}

console::~console() {
  set_up_log({log_level::off, false, {}});
}

void console::show(const session_progress& progress) {
  const std::lock_guard lock(mutex_);
  last_ = progress;
  write(view_.update(progress, moment::now(), columns_of(2)));
}

void console::finish() {
  const std::lock_guard lock(mutex_);
  if (last_)
    write(view_.finish(*last_, moment::now(), columns_of(2)));
}

void console::say(const std::string& line) {
  const std::lock_guard lock(mutex_);
  if (mode_ == progress_mode::tty || mode_ == progress_mode::plain)
    write(view_.hide() + line + "\n");
}

void console::error(const failure& why) {
  const std::lock_guard lock(mutex_);
  write(view_.hide() + error_text(why, choose_colour(facts_)));
}

void console::hide() {
  const std::lock_guard lock(mutex_);
  write(view_.hide());
}

void console::write(const std::string& text) {
  std::fwrite(text.data(), 1, text.size(), stderr);
  std::fflush(stderr);
}

} // namespace trainyard
