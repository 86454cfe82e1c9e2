// A folder as SQL: a table, and its rows in COPY's text form. Knows no database.
#pragma once

#include <string>
#include <string_view>

#include "actors/export/export_rows.hpp"
#include "messages/failure.hpp"

namespace trainyard {

/// pgvector's type, or plain PostgreSQL.
enum class embedding_type : std::uint8_t { vector, real_array };

struct postgres_table {
  std::string name; ///< "images" or "search.images", not quoted
  embedding_type type = embedding_type::vector;
  std::string space_id;
  std::uint32_t dim = 0;
};

/// "a.b" as "a"."b": each part a quoted name, whatever it holds. usage for an empty part or a third one.
[[nodiscard]] result<std::string> quoted_table(std::string_view name);

/// BEGIN, the table where there is none, a refusal of rows of another space, and a temporary table for what
/// comes. `quoted` is quoted_table() of the name.
[[nodiscard]] std::string sql_before_rows(const postgres_table& table, std::string_view quoted);
/// COPY into the temporary table.
[[nodiscard]] std::string sql_copy();
/// A line of COPY's text form per row.
void append_copy_lines(const row_block_view& block, const postgres_table& table, std::string& to);
/// One upsert by asset_id, and COMMIT.
[[nodiscard]] std::string sql_after_rows(std::string_view quoted);

} // namespace trainyard
