// A batch that workers do not survive is cut until the image that is the cause stands alone, and all others
// are kept.
#include "actors/coordinator/piecewise_batches.hpp"

#include <set>

#include <gmock/gmock.h>

#include "messages/failure.hpp"

namespace trainyard {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

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
  EXPECT_THAT(book.begun(begun, 20).publish, IsEmpty());
  EXPECT_TRUE(book.is_suspected(7));
  const auto orders = book.begun(begun, 20);
  EXPECT_THAT(orders.publish,
              ElementsAre(batch_piece{0, 3}, batch_piece{3, 3}, batch_piece{6, 3}, batch_piece{9, 3},
                          batch_piece{12, 3}, batch_piece{15, 3}, batch_piece{18, 2}));
  EXPECT_THAT(orders.withdraw, ElementsAre(batch_piece{}));
  EXPECT_TRUE(book.is_cut(7));
}

TEST(piecewise_batches, another_beginning_of_a_batch_that_is_cut_changes_nothing) {
  piecewise_batches book;
  for (int i = 0; i < 2; ++i)
    (void)book.begun(said(result_kind::begun, 7), 16);
  const auto orders = book.begun(said(result_kind::begun, 7), 16);
  EXPECT_THAT(orders.publish, IsEmpty());
  EXPECT_THAT(orders.withdraw, IsEmpty());
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
    const auto orders = book.begun(said(result_kind::begun, 3, piece), images);
    queue.insert(queue.end(), orders.publish.begin(), orders.publish.end());
    withdrawn.insert(orders.withdraw.begin(), orders.withdraw.end());
    const auto end = piece.is_whole() ? images : piece.first + piece.count;
    if (piece.first <= poison && poison < end) {
      ++deaths;
      queue.push_back(piece); // the queue gives it to another
    } else {
      EXPECT_TRUE(book.finished(outcome(3, piece)));
    }
    if (auto done = book.take_complete(3, {}))
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
  const auto whole = book.take_complete(1, {})->whole;
  ASSERT_EQ(whole.failed.size(), 1U);
  EXPECT_EQ(whole.failed[0].position, 2U);
  EXPECT_EQ(whole.failed[0].reason, "3 devices were lost");
}

TEST(piecewise_batches, doubles_and_strangers_have_no_effect) {
  piecewise_batches book;
  EXPECT_FALSE(book.finished(outcome(9, {0, 2})));
  (void)book.share_out(9, 8, 4);
  EXPECT_FALSE(book.finished(outcome(9, {0, 2}))) << "no such piece";
  EXPECT_TRUE(book.finished(outcome(9, {0, 4}, "a")));
  EXPECT_FALSE(book.finished(outcome(9, {0, 4}, "b"))) << "a double";
  EXPECT_FALSE(book.take_complete(9, {}));
  EXPECT_TRUE(book.finished(outcome(9, {4, 4}, "b")));
  const auto done = book.take_complete(9, {});
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
