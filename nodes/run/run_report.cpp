// The report is the result (stdout); everything else is said on stderr.
#include "nodes/run/run_report.hpp"

#include <cstdio>

namespace trainyard {

namespace {

device_report report_of(const device_totals& totals) {
  device_report device;
  device.id = totals.id;
  device.kind = totals.kind;
  device.name = totals.name;
  device.images = totals.images;
  device.batches = totals.batches;
  device.images_per_second =
      totals.forward_seconds > 0 ? static_cast<double>(totals.images) / totals.forward_seconds : 0;
  device.memory.limit_bytes = totals.limit_bytes;
  device.memory.peak_bytes = totals.peak_bytes;
  device.memory.after_first_batch_bytes = totals.after_first_batch_bytes;
  device.memory.steady_bytes = totals.memory.steady_bytes();
  device.memory.slope_bytes_per_batch = totals.memory.slope_bytes_per_batch();
  device.memory.collections = totals.collections.total();
  device.memory.collection_reasons = totals.collections;
  device.memory.collection_seconds = totals.collection_seconds;
  device.memory.micro_batch = totals.micro_batch;
  device.memory.oom_retries = totals.oom_retries;
  device.memory.oom_splits = totals.oom_splits;
  device.memory.series_bytes = totals.memory.points();
  device.memory.series_step_batches = totals.memory.step();
  return device;
}

void say_what_changed(const directory_compared& changes, console& screen) {
  screen.say(
      "note: the directory has changed since this session listed it: " + std::to_string(changes.added) +
      " new, " + std::to_string(changes.changed) + " changed, " + std::to_string(changes.gone) +
      " gone; they are not part of it. Run with another --out to embed the directory as it is now.");
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

session_report report_of(const session_outcome& outcome, const run_plan& plan, const std::string& dtype) {
  session_report report;
  report.session_id = outcome.session_id;
  report.state = outcome.state;
  report.reason = outcome.why ? outcome.why->cause : "";
  report.total = outcome.counts.total;
  report.embedded = outcome.counts.embedded;
  report.failed = outcome.counts.failed;
  report.pending = report.total - std::min(report.total, report.embedded + report.failed);
  report.seconds = outcome.seconds;
  const auto done_now =
      report.embedded + report.failed - std::min(report.embedded + report.failed, outcome.counts.done_before);
  report.images_per_second = outcome.seconds > 0 ? static_cast<double>(done_now) / outcome.seconds : 0;
  report.model = plan.model.name;
  report.space_id = plan.model.space_id;
  report.dim = plan.model.dim;
  report.dtype = dtype;
  report.output = plan.out.string();
  for (const auto& totals : outcome.devices)
    report.devices.push_back(report_of(totals));
  report.stages = {outcome.work.read, outcome.work.decode, outcome.work.forward, outcome.publish_seconds,
                   outcome.write_seconds};
  return report;
}

int conclude(const session_outcome& outcome, const run_plan& plan, const settings& from, int signal,
             console& screen) {
  screen.finish();
  if (const auto why = refusal(outcome)) {
    screen.error(*why);
    return exit_status_of(why->kind);
  }
  const auto report = report_of(outcome, plan, from.text("run.dtype"));
  const auto text = from.boolean("run.json") ? report_json(report) : report_table(report, facts_of(1));
  std::fwrite(text.data(), 1, text.size(), stdout);
  if (std::fflush(stdout) != 0)
    return exit_status_of(failure_kind::output_unwritable);
  if (outcome.changed)
    say_what_changed(*outcome.changed, screen);
  if (outcome.why)
    screen.error(*outcome.why);
  if (outcome.state == "interrupted")
    screen.say("Interrupted. To resume: trainyard run '" + plan.directory.string() + "' --out '" +
               plan.out.string() + "'");
  else if (outcome.counts.failed > 0)
    screen.say(std::to_string(outcome.counts.failed) + " images failed: see " +
               (plan.out / "failures.jsonl").string());
  return exit_status(outcome, signal);
}

} // namespace trainyard
