// A terminate handler, which may use the heap, as what it is called for is rarely the heap; and an alarm.
#include "nodes/last_words.hpp"

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <string>

#include <unistd.h>

#include "actors/log_line.hpp"
#include "messages/system_limit.hpp"
#include "nodes/terminal/error_text.hpp"
#include "nodes/terminal/terminal_mode.hpp"

namespace trainyard {

namespace {

failure failure_in_flight() {
  try {
    if (const auto thrown = std::current_exception())
      std::rethrow_exception(thrown);
  } catch (const std::exception& error) {
    return failure_of(error);
  } catch (...) { // NOLINT: what it is cannot be told
  }
  return {failure_kind::internal, "the program cannot go on", "please report this with the command you ran"};
}

/// In the form of the log, so that who reads JSON reads the last line too.
std::string last_line_of(const failure& why, bool colour) {
  if (!form_of_log().json)
    return error_text(why, colour);
  const auto code = code_of(why.kind);
  return log_line({std::chrono::system_clock::now(),
                   log_level::error,
                   "node",
                   why.cause,
                   {{"code", code}, {"remedy", why.remedy}}},
                  form_of_log()) +
         "\n";
}

[[noreturn]] void end() {
  const auto why = failure_in_flight();
  std::fputs(last_line_of(why, choose_colour(facts_of(2))).c_str(), stderr);
  if (why.kind == failure_kind::internal)
    std::abort(); // a core tells more than a status
  ::_exit(exit_status_of(why.kind));
}

/// What a signal handler can say: it must not allocate.
std::string last_text;
int last_status = 1;

void on_patience_over(int) {
  [[maybe_unused]] const auto written = ::write(2, last_text.data(), last_text.size());
  ::_exit(last_status);
}

} // namespace

failure failure_of(const std::exception& thrown) {
  if (auto limit = system_limit_in(thrown))
    return std::move(*limit);
  return {failure_kind::internal, thrown.what(), "please report this with the command you ran"};
}

void say_last_words() {
  std::set_terminate(end);
}

void end_within(std::chrono::seconds patience, const failure& why) {
  ::alarm(0);
  last_text = last_line_of(why, false);
  last_status = exit_status_of(why.kind);
  struct sigaction action {};
  action.sa_handler = on_patience_over;
  ::sigaction(SIGALRM, &action, nullptr);
  ::alarm(static_cast<unsigned>(patience.count()));
}

} // namespace trainyard
