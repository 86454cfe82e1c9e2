// Statements, rows, and the mark that ends them.
#include "actors/export/postgres_script.hpp"

#include "actors/export/growing_file.hpp"

namespace trainyard {
namespace {

constexpr std::uint64_t rows_at_once = 256;

} // namespace

result<void> export_script(const vector_folder& folder, const postgres_table& table,
                           const std::filesystem::path& file) {
  const auto quoted = quoted_table(table.name);
  if (!quoted)
    return tl::unexpected(quoted.error());
  auto out = growing_file::create(file);
  if (!out)
    return tl::unexpected(out.error());
  const std::string extension =
      table.type == embedding_type::vector ? "CREATE EXTENSION IF NOT EXISTS vector;\n" : "";
  std::string lines;
  return out->append("\\set ON_ERROR_STOP on\n" + extension + sql_before_rows(table, *quoted) + sql_copy())
      .and_then([&] {
        return for_each_block(folder, rows_at_once, [&](const row_block_view& block) {
          lines.clear();
          append_copy_lines(block, table, lines);
          return out->append(lines);
        });
      })
      .and_then([&] { return out->append("\\.\n" + sql_after_rows(*quoted)); })
      .and_then([&] { return out->finish(); });
}

} // namespace trainyard
