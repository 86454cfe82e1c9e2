// Folders of vectors made for a test: shards as numpy writes them, without the session that would make them.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "actors/search/vector_folder.hpp"

namespace trainyard::testing {

/// Rows of length 1 in fp16 or fp32, the same for the same seed; `rows[i]` in shard i.
[[nodiscard]] vector_folder made_folder(const std::filesystem::path& root, number_format format,
                                        std::uint32_t dim, const std::vector<std::uint64_t>& rows,
                                        unsigned seed = 1);
[[nodiscard]] std::vector<float> made_vector(std::uint32_t dim, unsigned seed);
/// A whole .npy of these bytes, with the header that the product writes.
[[nodiscard]] std::string npy_text(std::uint64_t rows, std::uint32_t dim, number_format format,
                                   std::string_view numbers);

} // namespace trainyard::testing
