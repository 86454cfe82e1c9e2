// Builds the fleet, lets time run, looks at what came of it.
#include "tests/simulation/simulated_world.hpp"

#include <algorithm>
#include <array>

#include "tests/simulation/closed_books.hpp"
#include "tests/simulation/durable_truth.hpp"
#include "tests/simulation/fault_plan.hpp"
#include "tests/support/temp_dir.hpp"

namespace trainyard::simulation {

namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

/// How long a session may take behind the last fault: four rounds of overdue batches with a worker's lease
/// each, all of its batches one after the other, and for each poison nine workers' ends.
seconds patience_with(const simulated_session& session) {
  const auto one_by_one = session.slowest_batch * (session.slowdown * static_cast<int>(session.batches()));
  return seconds(480) + std::chrono::ceil<seconds>(one_by_one) +
         static_cast<int>(session.poison) * 9 *
             (seconds(40) + std::chrono::ceil<seconds>(session.slowest_batch * session.slowdown));
}

constexpr seconds until_at_rest{15};

std::filesystem::path fast_disk() {
  const std::filesystem::path memory("/dev/shm");
  std::error_code none;
  return std::filesystem::is_directory(memory, none) ? memory : std::filesystem::temp_directory_path();
}

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

bool may_fail(const surroundings& around, const durable_truth& truth, const expected_image& image) {
  return around.devices_lost > 2 ||
         truth.may_be_condemned(image.batch, image.position, image.images_of_batch);
}

/// The session with what befalls it, until it has ended and all is quiet.
void live_to_the_end(surroundings& around, fleet& all, const fault_times& times, world_report& report) {
  const auto began = around.time.now();
  report.faults += plan_faults(around, all, times);
  run_until(around, began + times.healed, [] { return false; });
  const auto patience = patience_with(around.session);
  run_until(around, began + times.healed + patience, [&] { return is_over(around, all); });
  report.recovery = std::max(report.recovery, around.time.now() - began - times.healed);
  if (!is_over(around, all))
    around.breaks("the session has not ended " + std::to_string(patience.count()) +
                  " s after the last fault" + description_of(around, all));
  run_until(around, around.time.now() + until_at_rest, [] { return false; });
  for (auto& each : all.workers)
    each->check_at_rest();
}

/// Where nothing else befalls the fleet: two ends before a batch is suspected, and two that have it cut. Of
/// the last batches pieces are out at the same time, which nobody suspects at first: two ends, two more where
/// the batch had more than eight images, and three with the image alone.
void check_ends_by_poison(surroundings& around, const world_report& report) {
  const auto most = around.session.poison * (around.session.batch_size > 8 ? 11 : 9);
  if (report.faults == 0 && around.calm && around.ended_by_poison > most)
    around.breaks(std::to_string(around.ended_by_poison) + " workers were ended by " +
                  std::to_string(around.session.poison) + " pictures");
}

closed_books check(surroundings& around, const durable_truth& truth, const expected_output& expected) {
  auto books =
      read_books(around.out, expected, [&](const auto& each) { return may_fail(around, truth, each); });
  if (books.wrong)
    around.breaks("closed books: " + *books.wrong);
  return books;
}

/// Pictures come, go and change, and the session is asked for again.
void update(surroundings& around, fleet& all, photo_folder& photos, const durable_truth& truth,
            expected_output& expected, const closed_books& before, world_report& report) {
  auto& random = around.random;
  photo_changes chances;
  for (auto* each : {&chances.added, &chances.changed, &chances.touched, &chances.vanished})
    *each = std::array{0.0, 0.05, 0.3}[random.below(3)];
  photos.change(chances, random);
  around.session.prune = random.chance(0.6);
  around.session.retry_failed = around.session.poison == 0 && random.chance(0.3);
  expected_output::update_rules rules{around.session.prune, around.session.retry_failed, {}};
  for (const auto& [path, code] : before.failures)
    rules.failed_before.insert(path);
  if (photos.listing().empty())
    return; // a directory without a picture is taken for one that is not mounted
  expected.follow(photos.listing(), rules);
  around.shaking = true;
  around.bus.begin_session();
  live_to_the_end(around, all, faults_of_an_update, report);
  if (!around.broken)
    (void)check(around, truth, expected);
}

} // namespace

world_report live_through(std::uint64_t seed, const std::function<void(surroundings&)>& plant) {
  static const auto where = fast_disk();
  const testing::temp_dir dir(where);
  const testing::temp_dir pictures(where);
  timeline time;
  random_source random(seed);
  const duration window =
      seconds(std::array{120, 120, 900}[random.below(3)]); // an operator may have set it longer
  simulated_bus bus(time, random, {true, window, seconds(30)}, {false, window, seconds(60)});
  simulated_disk disk(dir.path());
  surroundings around{time, random, bus, disk, simulated_session::of(random), dir.path() / "out", {}, {}, {}};
  around.session.directory = pictures.path();
  photo_folder photos(pictures.path());
  around.session.take_pictures(photos, random);
  const bool updated = random.chance(0.3);
  if (plant)
    plant(around);
  durable_truth truth(around);
  world_report report;
  {
    expected_output expected(photos.listing(), around.session.batch_size);
    auto all = build_fleet(around);
    live_to_the_end(around, all, faults_of_a_session, report);
    closed_books books;
    if (!around.broken)
      books = check(around, truth, expected);
    check_ends_by_poison(around, report);
    if (!around.broken && seed % 16 == 0 && books.given_up == 0)
      if (auto wrong =
              differs_from_undisturbed(around.out, around.session, expected, dir.path() / "undisturbed"))
        around.breaks(*wrong);
    if (!around.broken && updated)
      update(around, all, photos, truth, expected, books, report);
  }
  report.broken = around.broken;
  report.steps = time.steps();
  report.fingerprint = random.next() ^ time.steps();
  report.takeovers = truth.epoch() > 0 ? truth.epoch() - 1 : 0;
  report.ended_by_poison = around.ended_by_poison;
  return report;
}

} // namespace trainyard::simulation
