// The keeper survives being dropped at any step, takes doubles and rubbish, and ends with every image
// accounted for.
#include "actors/coordinator/session_keeper.hpp"

#include <fstream>

#include <gtest/gtest.h>

#include "tests/support/made_results.hpp"
#include "tests/support/temp_dir.hpp"

namespace trainyard {
namespace {

using testing::made_result;
using clock = std::chrono::steady_clock;

session_config config_for(const std::filesystem::path& out) {
  session_config config;
  config.session_id = "s1";
  config.directory = "/photos";
  config.out = out;
  config.root = "run";
  config.model = "mock";
  config.space_id = "space";
  config.dim = 4;
  config.precision = "fp32";
  config.dtype = "fp32";
  config.batch_size = 4;
  config.shard_rows = 10;
  config.window.max_in_flight = 3;
  return config;
}

void list(session_keeper& keeper, int images) {
  const auto writer = keeper.take_listing();
  for (int i = static_cast<int>(writer->size()); i < images; ++i)
    ASSERT_TRUE(writer->append({(i % 7 == 3 ? "bad" : "img") + std::to_string(1000 + i), 5, 6}));
  ASSERT_TRUE(writer->seal());
  ASSERT_TRUE(keeper.listed(writer->durable_size(), true));
}

result<void> store(session_keeper& keeper, const work_batch& work) {
  const auto payload = to_msgpack(made_result(work));
  const auto* one = &payload;
  return keeper.store({&one, 1}, clock::now());
}

/// All bytes of what users see, by name.
std::map<std::string, std::string> visible_bytes(const std::filesystem::path& out) {
  std::map<std::string, std::string> bytes;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(out))
    if (entry.is_regular_file() && entry.path().string().find(".trainyard") == std::string::npos) {
      std::ifstream file(entry.path(), std::ios::binary);
      bytes[std::filesystem::relative(entry.path(), out).string()] = {std::istreambuf_iterator<char>(file),
                                                                      {}};
    }
  return bytes;
}

/// Works until `most` batches are stored or all is written; true when all is.
bool work(session_keeper& keeper, int most) {
  EXPECT_TRUE(keeper.write_out());
  for (int stored = 0; stored < most; ++stored) {
    const auto next = keeper.next_work(clock::now()).value();
    if (!next)
      break;
    EXPECT_TRUE(store(keeper, *next));
    EXPECT_TRUE(keeper.write_out());
  }
  return keeper.all_written();
}

std::map<std::string, std::string> undisturbed_run(int images) {
  const testing::temp_dir dir;
  auto keeper = session_keeper::open(config_for(dir.path() / "out")).value();
  list(keeper, images);
  EXPECT_TRUE(work(keeper, 1000));
  EXPECT_TRUE(keeper.finish());
  return visible_bytes(dir.path() / "out");
}

TEST(session_keeper, ends_with_every_image_embedded_or_failed) {
  const testing::temp_dir dir;
  auto keeper = session_keeper::open(config_for(dir.path() / "out")).value();
  list(keeper, 50);
  ASSERT_TRUE(work(keeper, 1000));
  ASSERT_TRUE(keeper.finish());
  const auto counts = keeper.counts();
  EXPECT_EQ(counts.total, 50U);
  EXPECT_EQ(counts.failed, 7U);
  EXPECT_EQ(counts.embedded + counts.failed, counts.total);
}

TEST(session_keeper, dropped_after_any_number_of_batches_it_ends_with_the_same_bytes) {
  const auto expected = undisturbed_run(50);
  for (int cut = 0; cut <= 13; ++cut) {
    const testing::temp_dir dir;
    {
      auto keeper = session_keeper::open(config_for(dir.path() / "out")).value();
      list(keeper, 50);
      work(keeper, cut);
    }
    auto keeper = session_keeper::open(config_for(dir.path() / "out")).value();
    EXPECT_GT(keeper.epoch(), 1U);
    list(keeper, 50);
    EXPECT_EQ(keeper.counts().embedded + keeper.counts().failed, keeper.counts().done_before);
    ASSERT_TRUE(work(keeper, 1000)) << cut;
    ASSERT_TRUE(keeper.finish());
    EXPECT_EQ(visible_bytes(dir.path() / "out"), expected) << "cut after " << cut;
  }
}

TEST(session_keeper, results_in_any_order_give_the_same_bytes) {
  const auto expected = undisturbed_run(50);
  const testing::temp_dir dir;
  auto keeper = session_keeper::open(config_for(dir.path() / "out")).value();
  list(keeper, 50);
  std::vector<work_batch> held;
  while (!keeper.all_written()) {
    while (auto next = keeper.next_work(clock::now()).value())
      held.push_back(std::move(*next));
    ASSERT_FALSE(held.empty());
    ASSERT_TRUE(store(keeper, held.back()));
    held.pop_back();
    ASSERT_TRUE(keeper.write_out());
  }
  ASSERT_TRUE(keeper.finish());
  EXPECT_EQ(visible_bytes(dir.path() / "out"), expected);
}

TEST(session_keeper, results_of_an_earlier_owners_work_count_before_the_listing_is_looked_at_again) {
  const testing::temp_dir dir;
  std::optional<work_batch> in_flight;
  {
    auto keeper = session_keeper::open(config_for(dir.path() / "out")).value();
    list(keeper, 50);
    in_flight = keeper.next_work(clock::now()).value();
  }
  auto keeper = session_keeper::open(config_for(dir.path() / "out")).value();
  ASSERT_TRUE(store(keeper, *in_flight));
  EXPECT_EQ(keeper.counts().embedded + keeper.counts().failed, 4U);
}

TEST(session_keeper, a_double_result_counts_once) {
  const testing::temp_dir dir;
  auto keeper = session_keeper::open(config_for(dir.path() / "out")).value();
  list(keeper, 8);
  const auto first = keeper.next_work(clock::now()).value().value();
  const auto payload = to_msgpack(made_result(first));
  const std::vector<std::byte>* twice[] = {&payload, &payload};
  ASSERT_TRUE(keeper.store(twice, clock::now()));
  ASSERT_TRUE(store(keeper, first));
  EXPECT_EQ(keeper.counts().embedded + keeper.counts().failed, 4U);
  EXPECT_EQ(keeper.in_flight(), 0U);
}

TEST(session_keeper, a_wrong_result_is_dropped_and_its_batch_stays_open) {
  const testing::temp_dir dir;
  auto keeper = session_keeper::open(config_for(dir.path() / "out")).value();
  list(keeper, 8);
  const auto work = keeper.next_work(clock::now()).value().value();
  auto stranger = made_result(work);
  stranger.session = "other";
  auto unplanned = made_result(work);
  unplanned.batch = 99;
  auto other_space = made_result(work);
  other_space.space_id = "elsewhere";
  auto short_one = made_result(work);
  short_one.vectors.bytes.pop_back();
  for (const auto& wrong : {stranger, unplanned, other_space, short_one}) {
    const auto payload = to_msgpack(wrong);
    const auto* one = &payload;
    EXPECT_TRUE(keeper.store({&one, 1}, clock::now()));
  }
  const std::vector<std::byte> rubbish(100, std::byte{0xc1});
  const auto* one = &rubbish;
  EXPECT_TRUE(keeper.store({&one, 1}, clock::now()));
  EXPECT_EQ(keeper.counts().embedded, 0U);
  EXPECT_EQ(keeper.next_work(clock::now()).value()->batch, work.batch) << "it goes out again";
  EXPECT_EQ(keeper.in_flight(), 1U);
  EXPECT_TRUE(store(keeper, work));
  EXPECT_EQ(keeper.in_flight(), 0U);
}

TEST(session_keeper, a_folder_of_another_space_is_refused) {
  const testing::temp_dir dir;
  { ASSERT_TRUE(session_keeper::open(config_for(dir.path() / "out"))); }
  auto other = config_for(dir.path() / "out");
  other.space_id = "elsewhere";
  const auto refused = session_keeper::open(other);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, failure_kind::output_mismatch);
}

TEST(session_keeper, an_output_that_cannot_be_written_for_a_while_costs_nothing) {
  const auto expected = undisturbed_run(50);
  const testing::temp_dir dir;
  const auto out = dir.path() / "out";
  auto keeper = session_keeper::open(config_for(out)).value();
  list(keeper, 50);
  std::filesystem::remove_all(out / "img_emb");
  dir.write("out/img_emb", "in the way");
  for (int i = 0; i < 3; ++i) {
    const auto next = keeper.next_work(clock::now()).value();
    ASSERT_TRUE(next);
    EXPECT_TRUE(store(keeper, *next));
    EXPECT_FALSE(keeper.write_out());
    EXPECT_FALSE(keeper.all_written());
    EXPECT_EQ(keeper.counts().embedded + keeper.counts().failed, 4U * (static_cast<unsigned>(i) + 1));
  }
  std::filesystem::remove(out / "img_emb");
  std::filesystem::create_directory(out / "img_emb");
  ASSERT_TRUE(work(keeper, 1000));
  ASSERT_TRUE(keeper.finish());
  EXPECT_EQ(visible_bytes(out), expected);
}

TEST(session_keeper, a_worker_whose_results_are_never_usable_ends_the_session) {
  const testing::temp_dir dir;
  auto keeper = session_keeper::open(config_for(dir.path() / "out")).value();
  list(keeper, 4);
  for (int i = 0; i < 3; ++i) {
    const auto next = keeper.next_work(clock::now()).value();
    ASSERT_TRUE(next) << "a refused batch is sent out again at once";
    auto wrong = made_result(*next);
    wrong.dim = 5;
    const auto payload = to_msgpack(wrong);
    const auto* one = &payload;
    const auto stored = keeper.store({&one, 1}, clock::now());
    EXPECT_EQ(stored.has_value(), i < 2);
  }
}

TEST(session_keeper, damaged_ledger_records_are_done_again) {
  const auto expected = undisturbed_run(50);
  const testing::temp_dir dir;
  {
    auto keeper = session_keeper::open(config_for(dir.path() / "out")).value();
    list(keeper, 50);
    work(keeper, 2); // one unfinished shard: the records are all there is
  }
  for (const auto& segment :
       std::filesystem::directory_iterator(dir.path() / "out" / ".trainyard" / "segments")) {
    std::fstream file(segment.path(), std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(60);
    file.put('\x55');
  }
  auto keeper = session_keeper::open(config_for(dir.path() / "out")).value();
  list(keeper, 50);
  ASSERT_TRUE(work(keeper, 1000));
  ASSERT_TRUE(keeper.finish());
  EXPECT_EQ(visible_bytes(dir.path() / "out"), expected);
}

} // namespace
} // namespace trainyard
