// A strict reader of safetensors files: maps the file and believes nothing in it that it has not checked.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "messages/failure.hpp"

namespace trainyard {

struct tensor_entry {
  std::string dtype; ///< as in the file: "F32", "BF16", "I64", ...
  std::vector<std::uint64_t> shape;
  std::uint64_t begin = 0; ///< into safetensors_file::data()
  std::uint64_t end = 0;
};

using tensor_table = std::map<std::string, tensor_entry, std::less<>>;

struct safetensors_contents {
  tensor_table tensors;
  std::map<std::string, std::string, std::less<>> metadata; ///< the file's own texts about itself
};

/// Checks the bytes of a whole file and returns what its header tells: header length, JSON form, types,
/// shapes, and that the tensors cover the data exactly, without overlap, hole or rest. model_invalid names
/// the tensor and the check.
[[nodiscard]] result<safetensors_contents> parse_safetensors(std::span<const std::byte> file);

/// Read-only mapping of a checked file. Copies share the mapping, which lives as long as any of them. The
/// file must not be shortened meanwhile: set-up replaces models by rename, never in place.
class safetensors_file {
public:
  [[nodiscard]] static result<safetensors_file> open(const std::filesystem::path& path);

  [[nodiscard]] const tensor_table& tensors() const noexcept { return contents_.tensors; }
  /// The text under `key`; null where the file has none.
  [[nodiscard]] const std::string* metadata(std::string_view key) const;
  [[nodiscard]] std::span<const std::byte> bytes(const tensor_entry& entry) const;
  /// The file from its first byte, for hashing.
  [[nodiscard]] std::span<const std::byte> whole() const noexcept;

private:
  struct mapping;
  std::shared_ptr<const mapping> map_;
  std::size_t data_offset_ = 0;
  safetensors_contents contents_;
};

} // namespace trainyard
