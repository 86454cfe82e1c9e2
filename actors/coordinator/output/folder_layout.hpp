// Where everything stands in an output folder.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

namespace trainyard {

struct folder_layout {
  std::filesystem::path root;

  [[nodiscard]] std::filesystem::path own() const { return root / ".trainyard"; }
  [[nodiscard]] std::filesystem::path lock() const { return own() / "lock"; }
  [[nodiscard]] std::filesystem::path spec() const { return own() / "spec.json"; }
  [[nodiscard]] std::filesystem::path segments() const { return own() / "segments"; } ///< of the ledger
  [[nodiscard]] std::filesystem::path manifest() const { return own() / "manifest"; } ///< what is listed
  [[nodiscard]] std::filesystem::path log() const { return own() / "shards.jsonl"; }
  [[nodiscard]] std::filesystem::path failures() const { return root / "failures.jsonl"; }
  /// What failures.jsonl becomes once the log says that the sweep of `generation` has ended.
  [[nodiscard]] std::filesystem::path swept_failures(std::uint64_t generation) const {
    return own() / (swept_failures_start + std::to_string(generation));
  }
  [[nodiscard]] std::filesystem::path session() const { return root / "session.json"; }
  [[nodiscard]] std::filesystem::path vectors() const { return root / "img_emb"; }
  [[nodiscard]] std::filesystem::path metadata() const { return root / "metadata"; }

  /// Relative to the root, as session.json names them. Five digits, so that names sort as numbers do: readers
  /// pair npy and parquet by their sorted names (and past 99999 still sort both alike).
  [[nodiscard]] static std::string npy_name(std::uint64_t shard) {
    return "img_emb/img_emb_" + five_digits(shard) + ".npy";
  }
  [[nodiscard]] static std::string parquet_name(std::uint64_t shard) {
    return "metadata/metadata_" + five_digits(shard) + ".parquet";
  }

  static constexpr auto swept_failures_start = "failures-";

private:
  static std::string five_digits(std::uint64_t number) {
    const auto digits = std::to_string(number);
    return std::string(digits.size() < 5 ? 5 - digits.size() : 0, '0') + digits;
  }
};

} // namespace trainyard
