// A file written from start to end that appears under its name only when it is whole.
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <string_view>
#include <vector>

#include "actors/disk/durable_file.hpp"

namespace trainyard {

class growing_file {
public:
  [[nodiscard]] static result<growing_file> create(const std::filesystem::path& final_name);

  [[nodiscard]] result<void> append(std::span<const std::byte> bytes);
  [[nodiscard]] result<void> append(std::string_view text) { return append(std::as_bytes(std::span(text))); }
  /// Over what was appended; for a header that is known last.
  [[nodiscard]] result<void> write_at(std::uint64_t offset, std::string_view text);
  /// Durable, and in the place of what stood there. Without it the temporary file stays for the next try.
  [[nodiscard]] result<void> finish();

private:
  [[nodiscard]] result<void> flush();
  std::filesystem::path final_name_;
  durable_file file_;
  std::vector<std::byte> waiting_;
  std::uint64_t end_ = 0;
};

} // namespace trainyard
