// Batches become rows, rows become shards, and one line in the log makes each shard true.
#include "actors/coordinator/output/output_folder.hpp"

#include <exception>
#include <utility>

#include "actors/coordinator/output/failure_lines.hpp"
#include "actors/coordinator/output/folder_recovery.hpp"
#include "actors/coordinator/output/open_shard.hpp"
#include "actors/coordinator/output/result_check.hpp"
#include "actors/coordinator/output/session_file.hpp"

namespace trainyard {

namespace {

std::filesystem::path without_trailing_slash(std::filesystem::path out) {
  return out.has_filename() ? std::move(out) : out.parent_path();
}

} // namespace

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
    at.root = without_trailing_slash(std::filesystem::absolute(out));
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
    if (auto removed = remove_uncommitted(at, log.shards()); !removed)
      return removed;
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

  result<void> finish(const session_summary& summary) {
    if (next != log.last().end_batch)
      if (auto done = commit(); !done)
        return done;
    if (finished == summary)
      return {};
    return replace_file(at.session(), session_text(spec, log, summary)).map([&] { finished = summary; });
  }

  /// After a failure inside, what stands in memory may not be what stands on the disk.
  template <class Work>
  result<void> guarded(Work&& work) {
    result<void> done;
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

output_folder::output_folder(std::unique_ptr<contents> held) noexcept : held_(std::move(held)) {}
output_folder::output_folder(output_folder&&) noexcept = default;
output_folder& output_folder::operator=(output_folder&&) noexcept = default;
output_folder::~output_folder() = default;

result<output_folder> output_folder::open(std::filesystem::path out, output_spec spec) {
  if (auto good = check_spec(spec); !good)
    return tl::unexpected(std::move(good).error());
  if (out.empty())
    return fail(failure_kind::usage, "the output folder has no name", "give one with --out");
  auto held = std::make_unique<contents>();
  return held->guarded([&] { return held->prepare(out, std::move(spec)); }).map([&] {
    return output_folder(std::move(held));
  });
}

const std::filesystem::path& output_folder::path() const noexcept {
  return held_->at.root;
}
const output_spec& output_folder::spec() const noexcept {
  return held_->spec;
}
std::uint64_t output_folder::next_batch() const noexcept {
  return held_->log.last().end_batch;
}
std::uint64_t output_folder::next_emit() const noexcept {
  return held_->next;
}
output_counts output_folder::committed() const noexcept {
  return held_->committed();
}
output_counts output_folder::counts() const noexcept {
  return held_->so_far;
}
const std::optional<session_summary>& output_folder::finished() const noexcept {
  return held_->finished;
}

result<void> output_folder::emit(std::uint64_t batch, std::span<const work_asset> assets,
                                 const batch_result& done) {
  if (held_->broken)
    return tl::unexpected(*held_->broken);
  if (batch != held_->next || done.batch != batch)
    return fail(failure_kind::internal, "batch " + std::to_string(batch) + " with the result of batch " +
                                            std::to_string(done.batch) + " where batch " +
                                            std::to_string(held_->next) + " is next");
  if (auto good = check_result(held_->spec, assets, done); !good)
    return good;
  return held_->guarded([&] { return held_->write(assets, done); });
}

result<void> output_folder::finish(const session_summary& summary) {
  if (held_->broken)
    return tl::unexpected(*held_->broken);
  if (auto good = check_summary(summary, held_->so_far); !good)
    return good;
  return held_->guarded([&] { return held_->finish(summary); });
}

} // namespace trainyard
