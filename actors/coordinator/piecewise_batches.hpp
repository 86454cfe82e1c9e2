// Batches worked on in pieces: those that workers do not survive, down to the image that is the cause, and
// the last ones of a session.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "messages/wire.hpp"

namespace trainyard {

/// What is to be done about one batch. Empty: nothing.
struct piece_orders {
  std::vector<batch_piece> publish;  ///< as work of their own
  std::vector<batch_piece> withdraw; ///< from the queue; {0, 0} is the batch as a whole
};

/// A batch put together from its pieces.
struct completed_batch {
  batch_result whole;
  std::vector<batch_result> pieces; ///< as they came, without vectors: which device did what
};

/// Pure; not thread safe; in memory only. An owner that takes the session over begins with whole batches
/// again, which costs repetitions. Holds the outcomes of a batch's pieces until all are there.
///
/// A worker that begins suspected work says so first. When another one begins the same, with no outcome in
/// between, the first did not survive it: the piece is cut in eight. An image alone that a third one begins
/// leaves the queue, and fails unless that one brings an outcome within `last_chance`: the other two may have
/// been halted or cut off and not dead.
class piecewise_batches {
public:
  using time_point = std::chrono::steady_clock::time_point;
  static constexpr std::chrono::seconds last_chance{45}; ///< longer than the queue's lease

  /// `images` is the number of images in the batch, everywhere below. Times must not go back.
  piece_orders begun(const batch_result& said, std::uint32_t images, time_point now);
  /// Its devices went down with it, and the worker lives to tell.
  piece_orders gave_up(const batch_result& said, std::uint32_t images);
  /// Cuts a whole batch that nobody may have begun yet into pieces of at most `piece_images`, so that many
  /// share it; the whole stays in the queue, and what is ready first counts. Does nothing to a batch that is
  /// cut already.
  piece_orders share_out(std::uint64_t batch, std::uint32_t images, std::uint32_t piece_images);
  /// The outcome of a piece. False when it is none that is waited for.
  bool finished(batch_result outcome);
  /// Images that have had their last chance by now have failed from now on.
  void condemn(time_point now);
  /// Batches all of whose pieces have an outcome, or will have by condemn(now).
  [[nodiscard]] std::vector<std::uint64_t> ready(time_point now) const;

  /// The batch's pieces put together, if all have an outcome; `like` gives what a piece that no worker has
  /// ended cannot say (space, dtype, dim, session). They are kept until forget(), as it may fail to be
  /// stored.
  [[nodiscard]] std::optional<completed_batch> complete(std::uint64_t batch, const batch_result& like) const;
  /// It has its outcome on disk. Its open pieces, to be withdrawn.
  std::vector<batch_piece> forget(std::uint64_t batch);

  [[nodiscard]] bool is_cut(std::uint64_t batch) const;
  /// Pieces of a cut batch that have no outcome yet, to be published again when the batch is overdue. Not
  /// those that have their last chance.
  [[nodiscard]] std::vector<batch_piece> open_pieces(std::uint64_t batch) const;
  /// Whether workers are to take it with care.
  [[nodiscard]] bool is_suspected(std::uint64_t batch) const;

private:
  struct sentence {
    time_point at;
    batch_result outcome;
  };
  struct piece_state {
    std::uint32_t begun = 0; ///< since it was published
    std::optional<batch_result> outcome;
    std::optional<sentence> threat; ///< of an image alone
  };
  struct batch_state {
    std::uint32_t begun_whole = 0;
    std::uint32_t begun_ever = 0; ///< in whatever piece: the attempts that failures.jsonl shows
    bool suspected = false;
    std::set<std::string> words;               ///< heard; messages are delivered once at least
    std::map<batch_piece, piece_state> pieces; ///< empty until it is cut; together they are the batch
  };

  piece_orders cut(batch_state& state, batch_piece what, std::uint32_t images, std::uint32_t piece_images);

  std::map<std::uint64_t, batch_state> batches_;
};

} // namespace trainyard
