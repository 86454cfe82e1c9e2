// A terminate handler: it may use the heap, as what it is called for is rarely the heap.
#include "nodes/last_words.hpp"

#include <cstdio>
#include <cstdlib>

#include <unistd.h>

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

[[noreturn]] void end() {
  const auto why = failure_in_flight();
  std::fputs(error_text(why, choose_colour(facts_of(2))).c_str(), stderr);
  if (why.kind == failure_kind::internal)
    std::abort(); // a core tells more than a status
  ::_exit(exit_status_of(why.kind));
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

} // namespace trainyard
