// An output folder as readers see it: finished by its session.json, or as far as a running session has come.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "actors/search/npy_rows.hpp"
#include "messages/failure.hpp"

namespace trainyard {

struct vector_shard {
  std::uint64_t number = 0;
  std::filesystem::path npy;
  std::filesystem::path parquet;
  std::uint64_t rows = 0;
  std::uint64_t first_row = 0; ///< over all shards
  bool operator==(const vector_shard&) const = default;
};

/// Plain value; nothing is held open.
struct vector_folder {
  std::filesystem::path root; ///< absolute
  std::string session_id;
  std::string state; ///< session.json's, or "unfinished" where there is none
  std::string model;
  std::string space_id;
  std::string directory; ///< of the images, as the session saw it
  std::string precision;
  std::uint32_t dim = 0;
  number_format format = number_format::fp16;
  std::vector<vector_shard> shards; ///< by number
  std::uint64_t rows = 0;

  [[nodiscard]] bool is_finished() const { return state != "unfinished"; }
  [[nodiscard]] std::uint64_t row_bytes() const { return dim * std::uint64_t{bytes_of(format)}; }
  /// REQUIRES: row < rows.
  [[nodiscard]] const vector_shard& shard_of(std::uint64_t row) const;
};

/// Reads session.json; where there is none, what .trainyard/ has committed so far. Changes nothing, takes no
/// lock, may run beside the session that writes the folder. input_missing for what is no output folder,
/// output_corrupt for one that contradicts itself. Shards are not opened.
[[nodiscard]] result<vector_folder> look_at_folder(const std::filesystem::path& out);

} // namespace trainyard
