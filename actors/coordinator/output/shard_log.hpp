// .trainyard/shards.jsonl: one checked line per commit or step of a sweep; what it does not name does not
// exist.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <variant>
#include <vector>

#include "actors/disk/durable_file.hpp"
#include "messages/fields.hpp"

namespace trainyard {

/// The state of the folder after one commit. A commit of failures only has no shard and no rows.
struct commit_record {
  std::optional<std::uint64_t> shard;
  std::uint64_t end_batch = 0; ///< first batch that is not covered
  std::uint64_t rows = 0;
  std::string npy_sha256;
  std::uint64_t npy_bytes = 0;
  std::string parquet_sha256;
  std::uint64_t parquet_bytes = 0;
  std::uint64_t failures_bytes = 0; ///< length of failures.jsonl
  std::uint64_t embedded_total = 0;
  std::uint64_t failed_total = 0;
  std::string check; ///< 16 hex digits of the line's SHA-256 with this field empty

  static constexpr auto fields() {
    using record = commit_record;
    return std::tuple{required("shard", &record::shard),
                      required("end_batch", &record::end_batch),
                      required("rows", &record::rows),
                      required("npy_sha256", &record::npy_sha256),
                      required("npy_bytes", &record::npy_bytes),
                      required("parquet_sha256", &record::parquet_sha256),
                      required("parquet_bytes", &record::parquet_bytes),
                      required("failures_bytes", &record::failures_bytes),
                      required("embedded_total", &record::embedded_total),
                      required("failed_total", &record::failed_total),
                      required("check", &record::check)};
  }
};

/// The state of the folder after one step of a sweep, which takes superseded rows out of the shards of
/// earlier generations. A shard's files never change: a new one, with another number, takes the place of an
/// old one.
struct sweep_record {
  std::uint64_t sweep = 0; ///< the generation that supersedes
  std::optional<std::uint64_t>
      replaces;                ///< the shard that goes; none in the last step, which is about failures
  std::uint64_t rows_gone = 0; ///< of this sweep so far
  commit_record state; ///< its shard, if any, is the new one; end_batch as it was; its `check` is empty
  std::string check;   ///< as commit_record's

  static constexpr auto fields() {
    using record = sweep_record;
    return std::tuple{required("sweep", &record::sweep), required("replaces", &record::replaces),
                      required("rows_gone", &record::rows_gone), required("state", &record::state),
                      required("check", &record::check)};
  }
};

/// A shard that stands, and the batches whose rows it holds.
struct live_shard {
  commit_record record;
  std::uint64_t first_batch = 0;
  std::uint64_t end_batch = 0;
};

class shard_log {
public:
  /// Reads the log, or makes an empty one. A torn last line (a crash while it was written) is cut off;
  /// output_corrupt when a line before a good one is bad or the lines contradict each other.
  [[nodiscard]] static result<shard_log> open(const std::filesystem::path& file);
  /// The same for readers, also beside the process that writes: changes nothing, and a line that is not whole
  /// does not count yet. Such a log is not appended to.
  [[nodiscard]] static result<shard_log> look(const std::filesystem::path& file);

  /// The state after each line.
  [[nodiscard]] const std::vector<commit_record>& records() const noexcept { return records_; }
  /// Those that stand, by number.
  [[nodiscard]] const std::map<std::uint64_t, live_shard>& live() const noexcept { return live_; }
  /// The state after the last commit; that of an empty folder before the first.
  [[nodiscard]] const commit_record& last() const noexcept;
  /// Numbers given out so far: the next shard's.
  [[nodiscard]] std::uint64_t shards() const noexcept { return shards_; }
  /// The newest generation whose sweep has ended, 0: none.
  [[nodiscard]] std::uint64_t swept() const noexcept { return swept_; }
  /// Taken out by the sweep that has begun and not ended.
  [[nodiscard]] std::uint64_t rows_gone() const noexcept { return rows_gone_; }

  /// Durable when it returns: this is the commit. `internal`, with nothing written, when it contradicts the
  /// last.
  [[nodiscard]] result<void> append(commit_record record);
  [[nodiscard]] result<void> append(sweep_record record);

private:
  using line_content = std::variant<commit_record, sweep_record>;
  [[nodiscard]] static std::optional<line_content> content_of(std::string_view line);
  [[nodiscard]] result<void> take_all(std::string_view text, const std::filesystem::path& file);
  [[nodiscard]] result<void> append_line(const std::string& line, line_content content);
  [[nodiscard]] bool follows(const commit_record& next) const;
  [[nodiscard]] bool follows(const sweep_record& next) const;
  void take(commit_record record);
  void take(sweep_record record);

  durable_file file_;
  std::uint64_t end_ = 0;
  std::uint64_t shards_ = 0;
  std::uint64_t swept_ = 0;
  std::uint64_t rows_gone_ = 0;
  std::vector<commit_record> records_;
  std::map<std::uint64_t, live_shard> live_;
};

} // namespace trainyard
