// Events draw the progress, the status every two seconds decides: an event may be lost, the status is the
// truth.
#include "nodes/client/watch.hpp"

#include <chrono>
#include <variant>

#include <unistd.h>

#include "nodes/client/session_end.hpp"
#include "nodes/event_queue.hpp"
#include "nodes/signals.hpp"
#include "nodes/terminal/command_end.hpp"
#include "nodes/terminal/console.hpp"
#include "nodes/terminal/report.hpp"

namespace trainyard {
namespace {

using namespace std::chrono_literals;
using steady = std::chrono::steady_clock;

constexpr auto poll_gap = 2s;
constexpr auto poll_timeout = 2s; ///< short: a signal waits for it
constexpr auto unknown_grace = 30s;
constexpr auto event_freshness = 3s; ///< with events as young as this, the status draws nothing

struct raised {
  int signal = 0;
};
using watch_event = std::variant<raised, session_progress>;

bool may_pass(const failure& why) {
  return why.kind == failure_kind::nats_unreachable || why.kind == failure_kind::nats_timeout;
}

class watch_loop {
public:
  watch_loop(api_client& api, const std::string& session, const settings& from, just_submitted fresh)
      : api_(api), session_(session), from_(from), screen_(from), fresh_(fresh == just_submitted::yes) {}

  int follow() {
    const signal_watch signals([this, asked = false](int number) mutable {
      if (std::exchange(asked, true))
        ::_exit(128 + number); // asked twice: at once, also while a request waits
      events_.push(raised{number});
    });
    auto heard = api_.link()->subscribe(api_.names().session_events(session_), [this](nats_message message) {
      if (auto progress = decode<session_progress>(message.payload))
        events_.push(std::move(*progress));
    });
    if (!heard)
      return fail_with(heard.error());
    api_.set_timeout(poll_timeout);
    std::optional<int> end;
    while (!end) {
      end = poll();
      for (const auto next = steady::now() + poll_gap; !end && steady::now() < next;)
        if (const auto event = events_.pop(next))
          end = std::visit([this](const auto& each) { return on(each); }, *event);
    }
    return *end;
  }

private:
  std::optional<int> on(const raised& which) {
    end_progress();
    screen_.say("No longer watching; the session goes on. To watch it again: trainyard watch " + session_);
    return 128 + which.signal;
  }

  std::optional<int> on(const session_progress& progress) {
    last_event_ = steady::now();
    screen_.show(progress);
    return std::nullopt;
  }

  std::optional<int> poll() {
    const auto reply = api_.ask<session_status>("status", session_);
    if (!reply)
      return on_silence(reply.error());
    const auto& status = reply->value;
    known_ = true;
    silent_ = false;
    const bool ended = has_ended(status);
    if (ended || !last_event_ || steady::now() - *last_event_ > event_freshness)
      screen_.show(progress_of(status));
    return ended ? std::optional(conclude(status)) : std::nullopt;
  }

  std::optional<int> on_silence(const failure& why) {
    const bool unknown = why.kind == failure_kind::session_unknown && fresh_ && !known_;
    const auto now = steady::now();
    if (unknown && now - unknown_since_.value_or(now) > unknown_grace)
      return fail_with(why); // a coordinator took the job and refused it
    if (unknown)
      unknown_since_ = unknown_since_.value_or(now);
    else if (!may_pass(why) || (!known_ && !fresh_))
      return fail_with(why);
    else if (!std::exchange(silent_, true))
      screen_.say("Waiting: " + why.cause);
    return std::nullopt;
  }

  int conclude(const session_status& status) {
    end_progress();
    const auto report = report_of(status);
    const auto text = from_.boolean("run.json") ? report_json(report) : report_table(report, facts_of(1));
    if (const auto unwritable = print(text); unwritable != 0)
      return unwritable;
    if (const auto why = why_failed(status))
      screen_.error(*why);
    else if (status.state == "cancelled")
      screen_.say("The session was cancelled.");
    if (status.failed > 0)
      screen_.say(std::to_string(status.failed) + " images failed: see trainyard failures " + session_);
    return exit_status_of(status);
  }

  /// A redrawn line wants its end; the other forms have said their last word with the last state.
  void end_progress() {
    if (choose_progress(from_.text("run.progress"), screen_.facts()) == progress_mode::tty)
      screen_.finish();
  }

  int fail_with(const failure& why) {
    screen_.error(why);
    return exit_status_of(why.kind);
  }

  api_client& api_;
  const std::string& session_;
  const settings& from_;
  event_queue<watch_event> events_;
  console screen_;
  bool fresh_;
  bool known_ = false;
  bool silent_ = false; ///< and the user knows
  std::optional<steady::time_point> unknown_since_;
  std::optional<steady::time_point> last_event_;
};

} // namespace

int watch_session(api_client& api, const std::string& session, const settings& from, just_submitted fresh) {
  return watch_loop(api, session, from, fresh).follow();
}

} // namespace trainyard
