// A batch that workers do not survive is cut until the image that is the cause stands alone, and all others
// are kept.
#include "actors/coordinator/piecewise_batches.hpp"

#include <set>

#include <gmock/gmock.h>

#include "messages/failure.hpp"

namespace trainyard {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr piecewise_batches::time_point start{};

batch_result said(result_kind kind, std::uint64_t batch, batch_piece piece = {}) {
  batch_result message;
  message.session = "s";
  message.batch = batch;
  message.piece = piece;
  message.kind = static_cast<std::uint32_t>(kind);
  message.node = "box";
  return message;
}

/// One vector of one byte per image: its position in the batch.
batch_result outcome(std::uint64_t batch, batch_piece piece, const std::string& device = "cpu") {
  auto done = said(result_kind::outcome, batch, piece);
  done.device = device;
  for (std::uint32_t i = 0; i < piece.count; ++i) {
    done.embedded.push_back({i, 1, 1, 1, {}});
    done.vectors.bytes.push_back(static_cast<std::byte>(piece.first + i));
  }
  done.seconds.forward = 1;
  return done;
}

TEST(piecewise_batches, a_first_beginning_says_nothing_a_second_one_cuts_in_eight) {
  piecewise_batches book;
  const auto begun = said(result_kind::begun, 7);
  EXPECT_THAT(book.begun(begun, 20, start).publish, IsEmpty());
  EXPECT_TRUE(book.is_suspected(7));
  const auto orders = book.begun(begun, 20, start);
  EXPECT_THAT(orders.publish,
              ElementsAre(batch_piece{0, 3}, batch_piece{3, 3}, batch_piece{6, 3}, batch_piece{9, 3},
                          batch_piece{12, 3}, batch_piece{15, 3}, batch_piece{18, 2}));
  EXPECT_THAT(orders.withdraw, ElementsAre(batch_piece{}));
  EXPECT_TRUE(book.is_cut(7));
}

TEST(piecewise_batches, another_beginning_of_a_batch_that_is_cut_changes_nothing) {
  piecewise_batches book;
  for (int i = 0; i < 2; ++i)
    (void)book.begun(said(result_kind::begun, 7), 16, start);
  const auto orders = book.begun(said(result_kind::begun, 7), 16, start);
  EXPECT_THAT(orders.publish, IsEmpty());
  EXPECT_THAT(orders.withdraw, ElementsAre(batch_piece{})) << "in case the first withdrawal was lost";
  EXPECT_EQ(book.open_pieces(7).size(), 8U);
}

/// Workers that die with image `poison` and finish everything else, until the batch has its outcome.
batch_result worked_until_done(piecewise_batches& book, std::uint32_t images, std::uint32_t poison,
                               int& deaths) {
  std::vector<batch_piece> queue{{}};
  std::set<batch_piece> withdrawn;
  for (int steps = 0; steps < 1000 && !queue.empty(); ++steps) {
    const auto piece = queue.front();
    queue.erase(queue.begin());
    if (withdrawn.contains(piece))
      continue;
    const auto orders = book.begun(said(result_kind::begun, 3, piece), images, start);
    queue.insert(queue.end(), orders.publish.begin(), orders.publish.end());
    withdrawn.insert(orders.withdraw.begin(), orders.withdraw.end());
    const auto end = piece.is_whole() ? images : piece.first + piece.count;
    if (piece.first <= poison && poison < end) {
      ++deaths;
      queue.push_back(piece); // the queue gives it to another
    } else {
      EXPECT_TRUE(book.finished(outcome(3, piece)));
    }
    if (queue.empty() || book.ready(start).empty() == false)
      break;
  }
  EXPECT_THAT(book.ready(start), IsEmpty()) << "it has a last chance";
  const auto end = start + piecewise_batches::last_chance;
  EXPECT_THAT(book.ready(end), ElementsAre(3));
  book.condemn(end);
  if (auto done = book.complete(3, {})) {
    EXPECT_THAT(book.forget(3), IsEmpty());
    return done->whole;
  }
  ADD_FAILURE() << "the batch never ended";
  return {};
}

TEST(piecewise_batches, one_image_is_condemned_and_all_others_have_their_vectors_in_order) {
  for (const std::uint32_t images : {1U, 2U, 7U, 8U, 9U, 16U, 64U, 200U})
    for (const auto poison : std::set<std::uint32_t>{0U, images / 3, images - 1}) {
      piecewise_batches book;
      int deaths = 0;
      const auto whole = worked_until_done(book, images, poison, deaths);
      ASSERT_EQ(whole.failed.size(), 1U) << images;
      EXPECT_EQ(whole.failed[0].position, poison);
      EXPECT_EQ(whole.failed[0].kind, static_cast<std::uint32_t>(failure_kind::image_ends_workers));
      ASSERT_EQ(whole.embedded.size(), images - 1);
      ASSERT_EQ(whole.vectors.bytes.size(), images - 1);
      for (std::uint32_t i = 0, position = 0; i < images - 1; ++i, ++position) {
        position += position == poison ? 1 : 0;
        EXPECT_EQ(whole.embedded[i].position, position);
        EXPECT_EQ(whole.vectors.bytes[i], static_cast<std::byte>(position));
      }
      EXPECT_LE(deaths, 10) << images << " images";
      EXPECT_GT(whole.attempt, 1U);
      EXPECT_FALSE(book.is_cut(3)) << "forgotten";
    }
}

TEST(piecewise_batches, a_worker_that_lived_to_tell_cuts_at_once_and_condemns_with_its_own_words) {
  piecewise_batches book;
  EXPECT_EQ(book.gave_up(said(result_kind::gave_up, 1), 4).publish.size(), 4U);
  auto last = said(result_kind::gave_up, 1, {2, 1});
  last.failed.push_back({0, 2203, "3 devices were lost"});
  EXPECT_THAT(book.gave_up(last, 4).withdraw, ElementsAre(batch_piece{2, 1}));
  for (const auto& piece : book.open_pieces(1))
    EXPECT_TRUE(book.finished(outcome(1, piece)));
  const auto whole = book.complete(1, {})->whole;
  ASSERT_EQ(whole.failed.size(), 1U);
  EXPECT_EQ(whole.failed[0].position, 2U);
  EXPECT_EQ(whole.failed[0].reason, "3 devices were lost");
}

TEST(piecewise_batches, an_image_that_halted_workers_began_too_keeps_what_the_third_makes_of_it) {
  piecewise_batches book;
  for (int i = 0; i < 2; ++i)
    EXPECT_THAT(book.begun(said(result_kind::begun, 4), 1, start).withdraw, IsEmpty());
  EXPECT_THAT(book.begun(said(result_kind::begun, 4), 1, start).withdraw, ElementsAre(batch_piece{}));
  EXPECT_THAT(book.ready(start + 44s), IsEmpty());
  EXPECT_TRUE(book.finished(outcome(4, {0, 1})));
  book.condemn(start + 1h);
  EXPECT_THAT(book.complete(4, {})->whole.failed, IsEmpty());
}

TEST(piecewise_batches, pieces_are_kept_until_the_whole_is_on_disk) {
  piecewise_batches book;
  (void)book.share_out(9, 2, 1);
  EXPECT_TRUE(book.finished(outcome(9, {0, 1})));
  EXPECT_TRUE(book.finished(outcome(9, {1, 1})));
  EXPECT_THAT(book.ready(start), ElementsAre(9));
  EXPECT_EQ(book.complete(9, {})->whole.embedded.size(), 2U);
  EXPECT_EQ(book.complete(9, {})->whole.embedded.size(), 2U) << "the disk was full";
  EXPECT_THAT(book.forget(9), IsEmpty());
  EXPECT_FALSE(book.complete(9, {}));
}

TEST(piecewise_batches, a_whole_that_was_shared_out_leaves_the_queue_as_soon_as_it_is_begun_with_care) {
  piecewise_batches book;
  (void)book.share_out(5, 10, 4);
  EXPECT_THAT(book.begun(said(result_kind::begun, 5), 10, start).withdraw, ElementsAre(batch_piece{}));
}

TEST(piecewise_batches, doubles_and_strangers_have_no_effect) {
  piecewise_batches book;
  EXPECT_FALSE(book.finished(outcome(9, {0, 2})));
  (void)book.share_out(9, 8, 4);
  EXPECT_FALSE(book.finished(outcome(9, {0, 2}))) << "no such piece";
  EXPECT_TRUE(book.finished(outcome(9, {0, 4}, "a")));
  EXPECT_FALSE(book.finished(outcome(9, {0, 4}, "b"))) << "a double";
  EXPECT_FALSE(book.complete(9, {}));
  EXPECT_TRUE(book.finished(outcome(9, {4, 4}, "b")));
  const auto done = book.complete(9, {});
  ASSERT_TRUE(done);
  EXPECT_EQ(done->pieces.size(), 2U);
  EXPECT_EQ(done->pieces[0].device, "a");
  EXPECT_EQ(done->whole.seconds.forward, 2);
}

TEST(piecewise_batches, what_is_shared_out_at_the_end_stays_queued_as_a_whole_and_nobody_is_suspected) {
  piecewise_batches book;
  const auto orders = book.share_out(5, 10, 4);
  EXPECT_THAT(orders.publish, ElementsAre(batch_piece{0, 4}, batch_piece{4, 4}, batch_piece{8, 2}));
  EXPECT_THAT(orders.withdraw, IsEmpty());
  EXPECT_FALSE(book.is_suspected(5));
  EXPECT_THAT(book.share_out(5, 10, 4).publish, IsEmpty()) << "once";
  EXPECT_TRUE(book.finished(outcome(5, {4, 4})));
  EXPECT_THAT(book.forget(5), ElementsAre(batch_piece{0, 4}, batch_piece{8, 2}))
      << "the whole was ready first";
}

} // namespace
} // namespace trainyard
