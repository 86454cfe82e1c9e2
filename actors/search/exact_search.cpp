// Threads take blocks of rows in turn; each keeps its own best rows, and these are merged at the end.
#include "actors/search/exact_search.hpp"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "actors/search/row_products.hpp"

namespace trainyard {
namespace {

struct row_block {
  const vector_shard* shard;
  std::uint64_t first; ///< within the shard
  std::uint64_t rows;
};

std::vector<row_block> blocks_of(const vector_folder& folder, std::uint64_t block_bytes) {
  const auto most = std::max<std::uint64_t>(1, block_bytes / folder.row_bytes());
  std::vector<row_block> blocks;
  for (const auto& shard : folder.shards)
    for (std::uint64_t first = 0; first < shard.rows; first += most)
      blocks.push_back({&shard, first, std::min(most, shard.rows - first)});
  return blocks;
}

class searching {
public:
  searching(const vector_folder& folder, std::span<const float> query, const search_settings& how)
      : folder_(folder), query_(query), blocks_(blocks_of(folder, how.block_bytes)), best_(how.k), k_(how.k) {
  }

  [[nodiscard]] std::size_t blocks() const { return blocks_.size(); }

  void work() {
    best_rows mine(k_);
    std::vector<float> scores;
    for (auto at = next_++; at < blocks_.size() && !failed_; at = next_++)
      if (auto done = search_block(blocks_[at], scores, mine); !done)
        give_up(std::move(done).error());
    const std::lock_guard lock(mutex_);
    best_.merge(mine);
  }

  result<found_rows> outcome() {
    if (why_)
      return tl::unexpected(std::move(*why_));
    return found_rows{best_.sorted(), best_.not_finite()};
  }

private:
  result<void> search_block(const row_block& block, std::vector<float>& scores, best_rows& best) const {
    const auto shard = open_shard_rows(folder_, *block.shard);
    if (!shard)
      return tl::unexpected(shard.error());
    const auto rows = shard->map(block.first, block.rows);
    if (!rows)
      return tl::unexpected(rows.error());
    scores.resize(block.rows);
    multiply(rows->bytes(), folder_.format, query_, scores);
    const auto first = block.shard->first_row + block.first;
    for (std::uint64_t i = 0; i < block.rows; ++i)
      best.offer({scores[i], first + i});
    return {};
  }

  void give_up(failure why) {
    const std::lock_guard lock(mutex_);
    failed_ = true;
    if (!why_)
      why_ = std::move(why);
  }

  const vector_folder& folder_;
  std::span<const float> query_;
  std::vector<row_block> blocks_;
  std::atomic<std::size_t> next_ = 0;
  std::atomic<bool> failed_ = false;
  std::mutex mutex_;
  best_rows best_;
  std::size_t k_;
  std::optional<failure> why_;
};

} // namespace

result<npy_rows> open_shard_rows(const vector_folder& folder, const vector_shard& shard) {
  auto rows = npy_rows::open(shard.npy);
  if (!rows)
    return rows;
  const auto& is = rows->layout();
  if (is.rows == shard.rows && is.dim == folder.dim && is.format == folder.format)
    return rows;
  return fail(failure_kind::output_corrupt,
              shard.npy.string() + " cannot be searched: it holds " + std::to_string(is.rows) + " rows of " +
                  std::to_string(is.dim) + " numbers of " + std::to_string(bytes_of(is.format)) +
                  " bytes, and the folder says " + std::to_string(shard.rows) + " of " +
                  std::to_string(folder.dim) + " of " + std::to_string(bytes_of(folder.format)),
              "restore the folder from a copy, or embed into a new one");
}

result<found_rows> search(const vector_folder& folder, std::span<const float> query,
                          const search_settings& how) {
  searching all(folder, query, how);
  const auto cores = std::max(1U, how.threads > 0 ? how.threads : std::thread::hardware_concurrency());
  std::vector<std::thread> others;
  for (std::size_t i = 1; i < std::min<std::size_t>(cores, all.blocks()); ++i)
    others.emplace_back([&all] { all.work(); });
  all.work();
  for (auto& each : others)
    each.join();
  return all.outcome();
}

} // namespace trainyard
