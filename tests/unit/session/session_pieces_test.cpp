// A batch that is worked on in pieces ends as one record, and its shards are those of an undisturbed run.
#include "actors/coordinator/session_keeper.hpp"

#include <fstream>

#include <gmock/gmock.h>

#include "tests/support/made_results.hpp"
#include "tests/support/temp_dir.hpp"

namespace trainyard {
namespace {

using namespace std::chrono_literals;
using testing::made_result;
using ::testing::SizeIs;
const auto begin_of_time = session_keeper::time_point{} + 1h;

struct session {
  testing::temp_dir dir;
  session_keeper keeper = opened(dir.path() / "out");

  static session_keeper opened(const std::filesystem::path& out) {
    session_config config;
    config.session_id = "s1";
    config.directory = "/photos";
    config.out = out;
    config.model = "mock";
    config.space_id = "space";
    config.dim = 4;
    config.precision = config.dtype = "fp32";
    config.batch_size = 8;
    config.window.max_in_flight = 8;
    auto keeper = session_keeper::open(config).value();
    const auto writer = keeper.take_listing();
    for (int i = 0; i < 20; ++i)
      EXPECT_TRUE(writer->append({"img" + std::to_string(1000 + i), 5, 6}));
    EXPECT_TRUE(writer->seal());
    EXPECT_TRUE(keeper.listed(20, true));
    return keeper;
  }
  std::vector<work_batch> all_work(session_keeper::time_point now = begin_of_time) {
    std::vector<work_batch> all;
    while (auto next = keeper.next_work(now).value())
      all.push_back(std::move(*next));
    return all;
  }
  void store(const batch_result& result, session_keeper::time_point now = begin_of_time) {
    const auto payload = to_msgpack(result);
    const auto* one = &payload;
    ASSERT_TRUE(keeper.store({&one, 1}, now));
  }
  void finish() {
    ASSERT_TRUE(keeper.write_out());
    ASSERT_TRUE(keeper.all_written());
    ASSERT_TRUE(keeper.finish());
  }
};

batch_result said(const work_batch& work, result_kind kind) {
  auto message = made_result(work);
  message.kind = static_cast<std::uint32_t>(kind);
  message.piece = work.piece;
  message.embedded.clear();
  message.vectors.bytes.clear();
  return message;
}

batch_result outcome(const work_batch& work) {
  auto done = made_result(work);
  done.piece = work.piece;
  return done;
}

TEST(session_pieces, a_batch_that_is_begun_twice_comes_back_in_pieces_that_are_suspected) {
  session one;
  const auto work = one.all_work();
  ASSERT_THAT(work, SizeIs(3));
  one.store(said(work[1], result_kind::begun));
  EXPECT_THAT(one.all_work(), SizeIs(0));
  one.store(said(work[1], result_kind::begun));
  const auto pieces = one.all_work();
  ASSERT_THAT(pieces, SizeIs(8));
  EXPECT_EQ(pieces[3].piece, (batch_piece{3, 1}));
  ASSERT_THAT(pieces[3].assets, SizeIs(1));
  EXPECT_EQ(pieces[3].assets[0].path, work[1].assets[3].path);
  EXPECT_TRUE(pieces[3].suspected);
  const auto withdrawn = one.keeper.take_withdrawn();
  ASSERT_THAT(withdrawn, SizeIs(1));
  EXPECT_EQ(withdrawn[0].batch, 1U);
  EXPECT_TRUE(withdrawn[0].piece.is_whole());
}

TEST(session_pieces, a_word_that_is_delivered_again_condemns_nobody) {
  session one;
  const auto work = one.all_work();
  auto begun = said(work[1], result_kind::begun);
  begun.word = "a life-7";
  for (int i = 0; i < 4; ++i)
    one.store(begun);
  EXPECT_THAT(one.all_work(), SizeIs(0));
  begun.word = "another life-7";
  one.store(begun);
  EXPECT_THAT(one.all_work(), SizeIs(8));
}

TEST(session_pieces, the_image_that_ends_workers_fails_and_the_books_close) {
  session one;
  const auto work = one.all_work();
  for (int i = 0; i < 2; ++i)
    one.store(said(work[0], result_kind::begun));
  for (const auto& piece : one.all_work()) {
    if (piece.piece.first != 5)
      one.store(outcome(piece));
    else
      for (int i = 0; i < 3; ++i)
        one.store(said(piece, result_kind::begun));
  }
  one.store(outcome(work[1]));
  one.store(outcome(work[2]));
  EXPECT_FALSE(one.keeper.has_news(begin_of_time + 44s)) << "the third worker has its time";
  ASSERT_TRUE(one.keeper.has_news(begin_of_time + 45s));
  ASSERT_TRUE(one.keeper.store({}, begin_of_time + 45s));
  EXPECT_EQ(one.keeper.counts().embedded, 19U);
  EXPECT_EQ(one.keeper.counts().failed, 1U);
  one.finish();
  std::ifstream lines(one.dir.path() / "out" / "failures.jsonl");
  std::string line;
  ASSERT_TRUE(std::getline(lines, line));
  EXPECT_THAT(line, ::testing::HasSubstr("img1005"));
  EXPECT_THAT(line, ::testing::HasSubstr("TY2204"));
}

TEST(session_pieces, a_late_outcome_of_the_whole_withdraws_the_pieces) {
  session one;
  const auto work = one.all_work();
  for (int i = 0; i < 2; ++i)
    one.store(said(work[0], result_kind::begun));
  (void)one.keeper.take_withdrawn();
  const auto pieces = one.all_work();
  one.store(outcome(pieces[2]));
  one.store(outcome(work[0]));
  EXPECT_THAT(one.keeper.take_withdrawn(), SizeIs(7));
  one.store(outcome(pieces[0])); // a double
  one.store(outcome(work[1]));
  one.store(outcome(work[2]));
  EXPECT_EQ(one.keeper.counts().embedded, 20U);
  one.finish();
}

TEST(session_pieces, a_piece_that_reaches_beyond_its_batch_is_dropped) {
  session one;
  auto work = one.all_work();
  auto wrong = outcome(work[2]); // 4 images
  wrong.piece = {2, 3};
  one.store(wrong);
  wrong.piece = {4294967295U, 4294967295U};
  one.store(wrong);
  EXPECT_EQ(one.keeper.counts().embedded, 0U);
}

TEST(session_pieces, when_only_slow_ones_are_left_their_batches_are_given_out_again_in_pieces_once) {
  session one;
  const auto work = one.all_work();
  one.store(outcome(work[0]), begin_of_time);
  one.store(outcome(work[1]), begin_of_time + 1s);
  one.keeper.share_out_last(begin_of_time + 2s);
  EXPECT_THAT(one.all_work(), SizeIs(0)) << "not late yet";
  one.keeper.share_out_last(begin_of_time + 5s);
  const auto pieces = one.all_work(begin_of_time + 5s);
  EXPECT_THAT(pieces, SizeIs(4));
  EXPECT_FALSE(pieces[0].suspected);
  one.keeper.share_out_last(begin_of_time + 9s);
  EXPECT_THAT(one.all_work(begin_of_time + 9s), SizeIs(0)) << "once";
  for (const auto& piece : pieces)
    one.store(outcome(piece), begin_of_time + 9s);
  const auto withdrawn = one.keeper.take_withdrawn();
  ASSERT_THAT(withdrawn, SizeIs(1));
  EXPECT_TRUE(withdrawn[0].piece.is_whole()) << "the slow one's, if it still stands in the queue";
  one.finish();
}

TEST(session_pieces, a_worker_without_work_is_offered_what_others_hold_once_the_last_work_has_rested) {
  session one;
  const auto work = one.all_work();
  one.store(outcome(work[0]));
  one.keeper.offer_last(begin_of_time + 499ms);
  EXPECT_THAT(one.all_work(), SizeIs(0)) << "it may be on its way";
  one.keeper.offer_last(begin_of_time + 500ms);
  const auto pieces = one.all_work(begin_of_time + 500ms);
  EXPECT_THAT(pieces, SizeIs(12)) << "of batches of 8 and 4";
  one.keeper.offer_last(begin_of_time + 9s);
  EXPECT_THAT(one.all_work(begin_of_time + 9s), SizeIs(0)) << "once";
  one.store(outcome(work[1])); // the holder of a whole may still be the first
  for (const auto& piece : pieces)
    if (piece.batch == 2)
      one.store(outcome(piece));
  one.finish();
}

TEST(session_pieces, nothing_is_offered_while_there_is_new_work) {
  session one;
  one.keeper.set_max_in_flight(1);
  EXPECT_THAT(one.all_work(), SizeIs(1));
  one.keeper.offer_last(begin_of_time + 1h);
  EXPECT_THAT(one.all_work(), SizeIs(0));
}

TEST(session_pieces, a_piece_whose_publication_failed_comes_again_after_a_pause) {
  session one;
  const auto work = one.all_work();
  for (int i = 0; i < 2; ++i)
    one.store(said(work[2], result_kind::begun));
  const auto pieces = one.all_work();
  ASSERT_THAT(pieces, SizeIs(4));
  one.keeper.publish_failed(pieces[1].batch, pieces[1].piece, begin_of_time);
  EXPECT_THAT(one.all_work(begin_of_time), SizeIs(0));
  const auto again = one.all_work(begin_of_time + 1s);
  ASSERT_THAT(again, SizeIs(1));
  EXPECT_EQ(again[0].piece, pieces[1].piece);
  EXPECT_NE(again[0].attempt, pieces[1].attempt) << "the server would take it for a double";
}

} // namespace
} // namespace trainyard
