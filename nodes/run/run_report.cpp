// The report is the result (stdout); everything else is said on stderr.
#include "nodes/run/run_report.hpp"

#include "nodes/terminal/command_end.hpp"

namespace trainyard {

namespace {

void say_what_vanished(const changes_report& changes, console& screen) {
  if (changes.vanished > 0)
    screen.say("note: " + std::to_string(changes.vanished) +
               " images of the output are not in the folder any more; --prune takes them out");
}

/// What ends a run before there is anything to report on.
std::optional<failure> refusal(const session_outcome& outcome) {
  const bool empty = outcome.why && outcome.why->kind == failure_kind::input_empty;
  return outcome.began && !empty ? std::nullopt : outcome.why;
}

int exit_status(const session_outcome& outcome, int signal) {
  if (outcome.why)
    return exit_status_of(outcome.why->kind);
  if (outcome.state == "interrupted")
    return 128 + signal;
  return outcome.counts.failed > 0 ? 3 : 0;
}

} // namespace

int conclude(const session_outcome& outcome, const run_plan& plan, const settings& from, int signal,
             console& screen) {
  screen.finish();
  if (const auto why = refusal(outcome)) {
    screen.error(*why);
    return exit_status_of(why->kind);
  }
  const auto report = report_of(outcome);
  const auto text = from.boolean("run.json") ? report_json(report) : report_table(report, facts_of(1));
  if (const auto unwritable = print(text); unwritable != 0)
    return unwritable;
  if (outcome.changed)
    say_what_vanished(*outcome.changed, screen);
  if (outcome.why)
    screen.error(*outcome.why);
  if (outcome.state == "interrupted")
    screen.say("Interrupted. To resume: trainyard run '" + plan.directory.string() + "' --out '" +
               plan.out.string() + "'");
  else if (outcome.counts.failed > 0)
    screen.say(std::to_string(outcome.counts.failed) + " images failed: see " +
               (plan.out / "failures.jsonl").string() + "; --retry-failed tries them again");
  return exit_status(outcome, signal);
}

} // namespace trainyard
