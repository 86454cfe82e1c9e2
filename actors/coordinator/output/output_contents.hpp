// What an open output folder is made of; private to the sources of output_folder.
#pragma once

#include <exception>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>

#include "actors/coordinator/output/failure_lines.hpp"
#include "actors/coordinator/output/folder_recovery.hpp"
#include "actors/coordinator/output/open_shard.hpp"
#include "actors/coordinator/output/output_folder.hpp"
#include "actors/coordinator/output/session_file.hpp"

namespace trainyard {

struct output_folder::contents {
  folder_layout at;
  durable_file lock; // declared first of the files, so released last
  output_spec spec;
  shard_log log;
  durable_file failures;
  std::uint64_t failures_end = 0;
  std::unique_ptr<open_shard> shard;
  std::uint64_t next = 0;
  output_counts so_far;
  std::optional<session_summary> finished;
  std::optional<failure> broken;

  [[nodiscard]] output_counts committed() const {
    return {log.last().embedded_total, log.last().failed_total};
  }

  result<void> prepare(const std::filesystem::path& out, output_spec wanted) {
    at.root = std::filesystem::absolute(out);
    if (!at.root.has_filename()) // "out/"
      at.root = at.root.parent_path();
    if (auto ours = refuse_foreign(at); !ours)
      return ours;
    if (auto made = make_directories(at.own()); !made)
      return made;
    auto locked = lock_folder(at);
    if (!locked)
      return tl::unexpected(std::move(locked).error());
    lock = std::move(*locked);
    auto matched = write_or_match_spec(at.spec(), std::move(wanted));
    if (!matched)
      return tl::unexpected(std::move(matched).error());
    spec = std::move(*matched);
    return make_directories(at.vectors())
        .and_then([&] { return make_directories(at.metadata()); })
        .and_then([&] { return recover(); });
  }

  result<void> recover() {
    auto opened = shard_log::open(at.log());
    if (!opened)
      return tl::unexpected(std::move(opened).error());
    log = std::move(*opened);
    if (auto whole = check_committed(at, log); !whole)
      return whole;
    if (auto removed = remove_uncommitted(at, log); !removed)
      return removed;
    if (auto placed = place_swept_failures(at, log.swept()); !placed)
      return placed;
    auto recovered = recover_failures(at, log.last().failures_bytes);
    if (!recovered)
      return tl::unexpected(std::move(recovered).error());
    failures = std::move(*recovered);
    forget_uncommitted();
    if (const auto text = read_file(at.session()))
      finished = summary_in(*text, spec, log);
    return sync_directory(at.own()).and_then([&] { return sync_directory(at.root); });
  }

  void forget_uncommitted() {
    shard = std::make_unique<open_shard>(at, log.shards());
    next = log.last().end_batch;
    so_far = committed();
    failures_end = log.last().failures_bytes;
  }

  result<void> write(std::span<const work_asset> assets, const batch_result& done) {
    if (auto reopened = take_session_away(); !reopened)
      return reopened;
    const auto lines = failure_lines(assets, done);
    if (!lines.empty())
      if (auto written = failures.write_all_at(failures_end, lines); !written)
        return written;
    if (auto added = shard->add(assets, done); !added)
      return added;
    failures_end += lines.size();
    so_far.embedded += done.embedded.size();
    so_far.failed += done.failed.size();
    ++next;
    // A long stretch of failures is committed by itself: it must not all be done again after a crash.
    const auto waiting = shard->rows() > 0 ? shard->rows() : so_far.failed - committed().failed;
    return waiting >= spec.shard_rows ? commit() : result<void>{};
  }

  // A finished folder that grows must not look finished after a crash.
  result<void> take_session_away() {
    finished.reset();
    return remove_file(at.session()).and_then([&](bool was_there) {
      return was_there ? sync_directory(at.root) : result<void>{};
    });
  }

  result<void> commit() {
    commit_record record;
    if (shard->rows() > 0) {
      auto closed = shard->close(spec);
      if (!closed)
        return tl::unexpected(std::move(closed).error());
      record = std::move(*closed);
    }
    record.end_batch = next;
    record.failures_bytes = failures_end;
    record.embedded_total = so_far.embedded;
    record.failed_total = so_far.failed;
    return failures.sync().and_then([&] { return log.append(std::move(record)); }).map([&] {
      forget_uncommitted();
    });
  }

  result<void> commit_open() { return next != log.last().end_batch ? commit() : result<void>{}; }

  result<void> finish(const session_summary& summary) {
    if (auto done = commit_open(); !done)
      return done;
    if (finished == summary)
      return {};
    return replace_file(at.session(), session_text(spec, log, summary)).map([&] { finished = summary; });
  }

  [[nodiscard]] result<bool> sweep_shard(std::uint64_t generation, std::uint64_t number,
                                         const asset_keys& gone);
  [[nodiscard]] result<void> end_sweep(std::uint64_t generation, const asset_keys& gone,
                                       std::uint64_t old_bytes);

  /// After a failure inside, what stands in memory may not be what stands on the disk.
  template <class Work>
  auto guarded(Work&& work) -> decltype(work()) {
    if (broken)
      return tl::unexpected(*broken);
    decltype(work()) done;
    try {
      done = work();
    } catch (const std::exception& error) { // out of memory, or OpenSSL
      done = fail(failure_kind::internal, "output " + at.root.string() + ": " + error.what());
    }
    if (!done)
      broken = done.error();
    return done;
  }
};

} // namespace trainyard
