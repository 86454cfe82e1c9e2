// One lock round everything that stands on stderr.
#include "nodes/terminal/console.hpp"

#include <cstdio>

#include "actors/log_line.hpp"
#include "nodes/terminal/error_text.hpp"

namespace trainyard {
namespace {

/// Lines of JSON and a redrawn bar do not go together.
progress_mode progress_of(const settings& from, const terminal_facts& facts) {
  const auto& wanted = from.text("run.progress");
  const bool as_json = wanted == "auto" && from.text("log.format") == "json";
  return choose_progress(as_json ? "json" : wanted, facts);
}

std::string said(log_level level, std::string_view text, const failure& why = {}) {
  const auto code = level == log_level::error ? code_of(why.kind) : std::string();
  return log_line({std::chrono::system_clock::now(),
                   level,
                   "node",
                   text,
                   {{"code", code}, {"remedy", why.remedy}}},
                  form_of_log()) +
         "\n";
}

} // namespace

console::console(const settings& from)
    : facts_(facts_of(2)), mode_(progress_of(from, facts_)), view_(mode_, facts_) {
  log_settings lines;
  lines.json = from.text("log.format") == "json";
  lines.level = log_level_of(from.text("log.level"));
  // A redrawn bar and a line per collection do not go together: on a terminal, unless asked for, only
  // warnings.
  if (mode_ == progress_mode::tty && from.origin_of("log.level").from == source::standard)
    lines.level = log_level::warn;
  lines.before_line = [this] { hide(); };
  set_up_log(std::move(lines));
}

console::~console() {
  set_up_log({log_level::off, form_of_log().json, {}}); // whoever speaks after it speaks in its form
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
  if (form_of_log().json || form_of_log().to_journal)
    write(said(log_level::info, line));
  else if (mode_ == progress_mode::tty || mode_ == progress_mode::plain)
    write(view_.hide() + line + "\n");
}

void console::error(const failure& why) {
  const std::lock_guard lock(mutex_);
  if (form_of_log().json)
    write(said(log_level::error, why.cause, why));
  else if (form_of_log().to_journal)
    write(said(log_level::error,
               why.cause + (why.remedy.empty() ? "" : "; " + why.remedy) + " code=" + code_of(why.kind)));
  else
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
