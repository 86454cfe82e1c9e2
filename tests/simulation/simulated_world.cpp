// Builds the fleet, lets time run, looks at what came of it.
#include "tests/simulation/simulated_world.hpp"

#include <algorithm>
#include <array>

#include "actors/coordinator/ledger_segment.hpp"
#include "actors/coordinator/output/shard_log.hpp"
#include "tests/simulation/closed_books.hpp"
#include "tests/simulation/fault_plan.hpp"
#include "tests/support/temp_dir.hpp"

namespace trainyard::simulation {

namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

/// How long a session may take behind the last fault: two rounds of overdue batches with a worker's lease
/// each, and all of its batches one after the other.
seconds patience_with(const simulated_session& session) {
  return seconds(270) +
         std::chrono::ceil<seconds>(session.slowest_batch * static_cast<int>(session.batches()));
}

constexpr seconds until_at_rest{15};

std::filesystem::path fast_disk() {
  const std::filesystem::path memory("/dev/shm");
  std::error_code none;
  return std::filesystem::is_directory(memory, none) ? memory : std::filesystem::temp_directory_path();
}

/// Which batches no crash can take any more, as the disk has them, and which results the stream ever had.
class durable_truth {
public:
  explicit durable_truth(surroundings& around) : around_(around) {
    around_.disk.on_synced = [this](const std::filesystem::path& file) { synced(file); };
    around_.watch.result_acknowledged = [this](std::uint64_t batch) {
      around_.disk.settle();
      if (batch >= committed_ && !recorded_.contains(batch))
        around_.breaks("the result of batch " + std::to_string(batch) + " is acknowledged and not durable");
    };
    around_.watch.result_stored = [this](std::uint64_t batch) { stored_.insert(batch); };
    around_.watch.work_acknowledged = [this](std::uint64_t batch) {
      if (!stored_.contains(batch))
        around_.breaks("the work of batch " + std::to_string(batch) + " is acknowledged and has no result");
    };
    around_.watch.results_opened = [this](std::uint64_t epoch) {
      if (epoch <= epoch_)
        around_.breaks("epoch " + std::to_string(epoch) + " follows epoch " + std::to_string(epoch_));
      epoch_ = epoch;
    };
  }
  [[nodiscard]] std::uint64_t epoch() const { return epoch_; }

private:
  void synced(const std::filesystem::path& file) {
    if (file.filename() == "shards.jsonl") {
      if (const auto log = shard_log::open(file))
        committed_ = std::max(committed_, log->last().end_batch);
    } else if (parse_segment_name(file.filename().native())) {
      (void)scan_segment(file, [this](const record_header& header, std::uint64_t) {
        if (header.kind == record_kind::done)
          recorded_.insert(header.batch);
      });
    }
  }

  surroundings& around_;
  std::set<std::uint64_t> recorded_;
  std::uint64_t committed_ = 0;
  std::set<std::uint64_t> stored_;
  std::uint64_t epoch_ = 0;
};

fleet build_fleet(surroundings& around) {
  auto& random = around.random;
  fleet all;
  const auto coordinators = random.between(1, 3);
  for (std::uint32_t i = 0; i < coordinators; ++i)
    all.coordinators.push_back(std::make_unique<simulated_coordinator>(around, i));
  const auto workers = random.between(1, 4);
  for (std::uint32_t i = 0; i < workers; ++i)
    all.workers.push_back(
        std::make_unique<simulated_worker>(around, i, static_cast<std::uint32_t>(random.between(1, 2))));
  for (auto& each : all.coordinators)
    around.time.after(random.between(milliseconds(0), seconds(2)), [&each] { each->start(); });
  for (auto& each : all.workers)
    around.time.after(random.between(milliseconds(0), seconds(3)), [&each] { each->start(); });
  return all;
}

bool is_over(const surroundings& around, const fleet& all) {
  return around.bus.session_ended() &&
         std::ranges::none_of(all.coordinators, [](const auto& each) { return each->owns(); });
}

std::string description_of(surroundings& around, const fleet& all) {
  auto text = "\n  work:" + around.bus.stream(stream_name::work).description() +
              "\n  results:" + around.bus.stream(stream_name::results).description();
  for (const auto& each : all.coordinators)
    text += each->description();
  for (const auto& each : all.workers)
    text += each->description();
  return text;
}

void run_until(surroundings& around, time_point end, const std::function<bool()>& done) {
  while (!around.broken && around.time.now() < end && !done())
    around.time.step();
}

void check(surroundings& around, std::uint64_t seed, const std::filesystem::path& scratch) {
  if (auto wrong = books_are_closed(around.out, around.session, around.devices_lost > 2))
    around.breaks("closed books: " + *wrong);
  if (!around.broken && seed % 16 == 0 && around.devices_lost <= 2)
    if (auto wrong = differs_from_undisturbed(around.out, around.session, scratch))
      around.breaks(*wrong);
}

} // namespace

world_report live_through(std::uint64_t seed, const std::function<void(surroundings&)>& plant) {
  static const auto where = fast_disk();
  const testing::temp_dir dir(where);
  timeline time;
  random_source random(seed);
  const duration window =
      seconds(std::array{120, 120, 900}[random.below(3)]); // an operator may have set it longer
  simulated_bus bus(time, random, {true, window, seconds(30)}, {false, window, seconds(60)});
  simulated_disk disk(dir.path());
  surroundings around{time, random, bus, disk, simulated_session::of(random), dir.path() / "out", {}, {}, {}};
  if (plant)
    plant(around);
  durable_truth truth(around);
  world_report report;
  {
    auto all = build_fleet(around);
    const auto began = time.now();
    report.faults = plan_faults(around, all);
    run_until(around, began + all_healed, [] { return false; });
    const auto patience = patience_with(around.session);
    run_until(around, began + all_healed + patience, [&] { return is_over(around, all); });
    report.recovery = time.now() - began - all_healed;
    if (!is_over(around, all))
      around.breaks("the session has not ended " + std::to_string(patience.count()) +
                    " s after the last fault" + description_of(around, all));
    run_until(around, time.now() + until_at_rest, [] { return false; });
    for (auto& each : all.workers)
      each->check_at_rest();
  }
  if (!around.broken)
    check(around, seed, dir.path() / "undisturbed");
  report.broken = around.broken;
  report.steps = time.steps();
  report.fingerprint = random.next() ^ time.steps();
  report.takeovers = truth.epoch() > 0 ? truth.epoch() - 1 : 0;
  return report;
}

} // namespace trainyard::simulation
