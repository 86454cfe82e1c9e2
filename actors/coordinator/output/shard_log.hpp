// .trainyard/shards.jsonl: one checked line per commit; what it does not name does not exist.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
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

class shard_log {
public:
  /// Reads the log, or makes an empty one. A torn last line (a crash while it was written) is cut off;
  /// output_corrupt when a line before a good one is bad or the lines contradict each other.
  [[nodiscard]] static result<shard_log> open(const std::filesystem::path& file);

  [[nodiscard]] const std::vector<commit_record>& records() const noexcept { return records_; }
  /// The state after the last commit; that of an empty folder before the first.
  [[nodiscard]] const commit_record& last() const noexcept;
  [[nodiscard]] std::uint64_t shards() const noexcept { return shards_; } ///< with rows

  /// Durable when it returns: this is the commit. `internal`, with nothing written, when it contradicts the
  /// last.
  [[nodiscard]] result<void> append(commit_record record);

private:
  [[nodiscard]] result<void> take_all(std::string_view text);
  [[nodiscard]] result<void> take(commit_record record);
  durable_file file_;
  std::uint64_t end_ = 0;
  std::uint64_t shards_ = 0;
  std::vector<commit_record> records_;
};

} // namespace trainyard
