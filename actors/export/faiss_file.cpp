// Little-endian, packed, as index_write.cpp of FAISS has written it since its first release.
#include "actors/export/faiss_file.hpp"

#include "actors/export/export_rows.hpp"
#include "actors/export/growing_file.hpp"

namespace trainyard {
namespace {

constexpr std::uint64_t rows_at_once = 4096;

template <class Number>
void put(std::string& into, Number value) {
  for (std::size_t i = 0; i < sizeof value; ++i)
    into += static_cast<char>(static_cast<std::uint64_t>(value) >> 8 * i & 0xFFU);
}

} // namespace

std::string faiss_header(std::uint64_t rows, std::uint32_t dim) {
  constexpr std::int64_t unused = 1 << 20;  // two fields that FAISS reads and ignores
  constexpr std::int32_t inner_product = 0; // METRIC_INNER_PRODUCT
  std::string header = "IxFI";
  put(header, static_cast<std::int32_t>(dim));
  put(header, rows);
  put(header, unused);
  put(header, unused);
  put(header, std::uint8_t{1}); // trained
  put(header, inner_product);
  put(header, rows * dim); // numbers that follow
  return header;
}

result<void> export_faiss(const vector_folder& folder, const std::filesystem::path& file) {
  auto out = growing_file::create(file);
  if (!out)
    return tl::unexpected(out.error());
  return out->append(faiss_header(folder.rows, folder.dim))
      .and_then([&] {
        return for_each_block(folder, rows_at_once, [&](const row_block_view& block) {
          return out->append(std::as_bytes(block.vectors)); // every platform that we run on is little-endian
        });
      })
      .and_then([&] { return out->finish(); });
}

} // namespace trainyard
