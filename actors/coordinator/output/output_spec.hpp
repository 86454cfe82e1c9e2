// What an output folder is for: written once as .trainyard/spec.json, compared on every later opening.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "messages/failure.hpp"

namespace trainyard {

/// All fields but session_id are the folder's identity: a later opening must give the same values.
struct output_spec {
  std::string session_id; ///< of a new folder; an existing folder keeps the one it was made with
  std::string directory;  ///< the images' directory, raw bytes
  std::string model;
  std::string space_id;
  std::uint32_t dim = 0;
  std::string dtype = "fp16"; ///< "fp16" or "fp32"
  std::string precision;      ///< as asked for; each row holds the one that it was computed in
  std::uint64_t batch_size = 0;
  std::uint64_t shard_rows = 10'000;
  /// Further identity of the caller (a hash of its listing, say), compared in this order after the others.
  std::vector<std::pair<std::string, std::string>> more;

  [[nodiscard]] std::uint64_t row_bytes() const { return std::uint64_t{dim} * (dtype == "fp32" ? 4 : 2); }
};

/// config_invalid when no folder can be written to this spec (dim 0, unknown dtype, shard_rows 0, no id).
[[nodiscard]] result<void> check_spec(const output_spec& spec);

/// Writes `file` durably when there is none; otherwise compares it with `spec` and returns `spec` with the
/// file's session_id. output_mismatch names the first field that differs with both values; output_corrupt
/// when the file cannot be read as a spec.
[[nodiscard]] result<output_spec> write_or_match_spec(const std::filesystem::path& file, output_spec spec);

} // namespace trainyard
