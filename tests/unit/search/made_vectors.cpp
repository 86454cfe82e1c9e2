#include "tests/unit/search/made_vectors.hpp"

#include <cmath>
#include <cstring>
#include <fstream>
#include <random>

#include "actors/coordinator/output/folder_layout.hpp"
#include "actors/coordinator/output/npy_file.hpp"
#include "actors/device/half_float.hpp"

namespace trainyard::testing {
namespace {

std::string row_text(const std::vector<float>& row, number_format format) {
  std::string text(row.size() * bytes_of(format), '\0');
  for (std::size_t i = 0; i < row.size(); ++i) {
    const auto half = to_half(row[i]);
    if (format == number_format::fp32)
      std::memcpy(text.data() + 4 * i, &row[i], 4);
    else
      std::memcpy(text.data() + 2 * i, &half, 2);
  }
  return text;
}

} // namespace

std::vector<float> made_vector(std::uint32_t dim, unsigned seed) {
  std::mt19937 random(seed);
  std::vector<float> row(dim);
  double square = 0;
  for (auto& each : row) {
    each = static_cast<float>(random() % 2001) / 1000.0F - 1.0F;
    square += static_cast<double>(each) * static_cast<double>(each);
  }
  for (auto& each : row)
    each = static_cast<float>(static_cast<double>(each) / std::sqrt(square));
  return row;
}

std::string npy_text(std::uint64_t rows, std::uint32_t dim, number_format format, std::string_view numbers) {
  return npy_header(rows, dim, format == number_format::fp32 ? "fp32" : "fp16") + std::string(numbers);
}

vector_folder made_folder(const std::filesystem::path& root, number_format format, std::uint32_t dim,
                          const std::vector<std::uint64_t>& rows, unsigned seed) {
  vector_folder folder;
  folder.root = root;
  folder.state = "completed";
  folder.dim = dim;
  folder.format = format;
  std::filesystem::create_directories(root / "img_emb");
  for (std::size_t shard = 0; shard < rows.size(); ++shard) {
    std::string numbers;
    for (std::uint64_t row = 0; row < rows[shard]; ++row)
      numbers +=
          row_text(made_vector(dim, seed * 1'000'003 + static_cast<unsigned>(folder.rows + row)), format);
    const auto file = root / folder_layout::npy_name(shard);
    std::ofstream(file, std::ios::binary) << npy_text(rows[shard], dim, format, numbers);
    folder.shards.push_back(
        {shard, file, root / folder_layout::parquet_name(shard), rows[shard], folder.rows});
    folder.rows += rows[shard];
  }
  return folder;
}

} // namespace trainyard::testing
