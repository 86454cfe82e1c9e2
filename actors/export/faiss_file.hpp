// A folder as an exact index of FAISS: IndexFlatIP, as faiss.write_index stores it.
#pragma once

#include <filesystem>
#include <string>

#include "actors/search/vector_folder.hpp"
#include "messages/failure.hpp"

namespace trainyard {

/// What stands before the numbers of an IndexFlatIP of `rows` x `dim` (ops/decisions/0016).
[[nodiscard]] std::string faiss_header(std::uint64_t rows, std::uint32_t dim);

/// Id i of the index is row i of the folder. fp32, 4 x dim bytes a row, whole or not there.
[[nodiscard]] result<void> export_faiss(const vector_folder& folder, const std::filesystem::path& file);

} // namespace trainyard
