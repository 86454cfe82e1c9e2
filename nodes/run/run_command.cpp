// The main thread's loop over events, from start to report.
#include "nodes/run/run_command.hpp"

#include <cstdio>

#include <unistd.h>

#include "actors/caf_messages.hpp"
#include "actors/device/memory/process_memory.hpp"
#include "actors/log.hpp"
#include "nodes/last_words.hpp"
#include "nodes/run/embedded_fleet.hpp"
#include "nodes/run/run_dashboard.hpp"
#include "nodes/run/run_report.hpp"
#include "nodes/signals.hpp"
#include "nodes/system_room.hpp"
#include "nodes/terminal/console.hpp"
#include "nodes/terminal/error_text.hpp"

namespace trainyard {

namespace {

constexpr std::chrono::milliseconds drain_grace(10'000);
constexpr std::chrono::milliseconds late_results_grace(250);
constexpr std::chrono::seconds teardown_patience(30);
constexpr std::chrono::seconds silence_grace(30); ///< how long the private server may not answer
constexpr std::chrono::seconds silence_told(2); ///< a machine that is busy for a moment is nothing to tell of

/// Follows one session to its end.
class run_loop {
public:
  run_loop(embedded_fleet& fleet, const private_server& server, run_events& events, console& screen)
      : fleet_(fleet), server_(server), events_(events), screen_(screen) {}

  session_outcome follow() {
    while (!outcome_) {
      if (auto event = events_.pop(std::chrono::steady_clock::now() + std::chrono::milliseconds(200)))
        std::visit([this](auto& each) { on(each); }, *event);
      look_at_server();
    }
    if (why_) {
      outcome_->state = "failed";
      outcome_->why = why_;
    }
    return std::move(*outcome_);
  }

  [[nodiscard]] int signal() const { return signal_; }

private:
  void on(signal_received& raised) {
    signal_ = raised.number;
    screen_.say("Stopping: finishing what the devices have begun (once more to stop at once)");
    fleet_.end_session(drain_grace);
    fleet_.drain();
  }
  void on(session_progress& progress) { screen_.show(progress); }
  void on(session_outcome& outcome) { outcome_ = std::move(outcome); }
  void on(session_lost& lost) {
    if (outcome_)
      return;
    why_ = std::move(lost.why);
    outcome_.emplace();
  }
  void on(link_changed& change) {
    if (!change.connected) {
      silent_since_ = silent_since_.value_or(std::chrono::steady_clock::now());
      return;
    }
    silent_since_.reset();
    if (std::exchange(told_of_silence_, false))
      log(log_level::warn, "run", "the private nats-server answers again");
  }
  void look_at_server() {
    if (why_)
      return;
    if (auto trouble = server_.trouble())
      return give_up(std::move(*trouble));
    if (!silent_since_)
      return;
    const auto silence = std::chrono::steady_clock::now() - *silent_since_;
    const auto who = "the private nats-server (process " + std::to_string(server_.server_pid()) + ")";
    if (silence > silence_told && !std::exchange(told_of_silence_, true))
      log(log_level::warn, "run", who + " does not answer; waiting up to 30 s for it");
    if (silence > silence_grace)
      give_up(
          {failure_kind::nats_unreachable, who + " has not answered for 30 s",
           "see what holds it up (stopped, no memory, a slow disk); run the same command again: it goes on "
           "where it stopped"});
  }
  void on(worker_drained&) { fleet_.end_session(late_results_grace); }
  void on(worker_lost& lost) { give_up(std::move(lost.why)); }
  void give_up(failure why) {
    why_ = std::move(why);
    fleet_.end_session(std::chrono::milliseconds(0));
  }

  embedded_fleet& fleet_;
  const private_server& server_;
  run_events& events_;
  console& screen_;
  std::optional<session_outcome> outcome_;
  std::optional<failure> why_; ///< what ended the session from outside
  std::optional<std::chrono::steady_clock::time_point> silent_since_;
  bool told_of_silence_ = false;
  int signal_ = 0;
};

int fail_with(console& screen, const failure& why) {
  screen.error(why);
  return exit_status_of(why.kind);
}

/// None where none is wanted.
result<std::unique_ptr<run_dashboard>> show_dashboard(const private_server& server, const run_plan& plan,
                                                      const settings& from, console& screen) {
  if (!from.boolean("run.dashboard"))
    return std::unique_ptr<run_dashboard>();
  auto shown = run_dashboard::start(server, plan);
  if (shown)
    screen.say("Dashboard on " + (*shown)->url() + " while this run lasts");
  return shown;
}

} // namespace

int run_command(const std::string& directory, const settings& from) {
  keep_freed_memory();
  console screen(from);
  if (auto room = find_room(room_of(from)); !room)
    return fail_with(screen, room.error());
  private_server_options server_options;
  if (!from.is_auto("paths.nats_server"))
    server_options.binary = from.path("paths.nats_server");
  auto server = private_server::start(server_options);
  if (!server)
    return fail_with(screen, server.error());
  run_events events;
  const signal_watch signals([&events, asked = false](int number) mutable {
    if (std::exchange(asked, true))
      ::_exit(128 + number); // asked twice: at once, in whatever phase; the private server dies with us
    events.push(signal_received{number});
  });
  register_messages();
  auto plan = plan_run(directory, from);
  if (!plan)
    return fail_with(screen, plan.error());
  auto fleet = embedded_fleet::start(*server, *plan, from, events);
  if (!fleet)
    return fail_with(screen, fleet.error());
  auto dashboard = show_dashboard(*server, *plan, from, screen);
  if (!dashboard)
    return fail_with(screen, dashboard.error());
  run_loop loop(**fleet, *server, events, screen);
  const auto outcome = loop.follow();
  if (outcome.why)
    end_within(teardown_patience, *outcome.why);
  dashboard->reset();
  fleet->reset();
  server->stop();
  end_within({});
  return conclude(outcome, *plan, from, loop.signal(), screen);
}

} // namespace trainyard
