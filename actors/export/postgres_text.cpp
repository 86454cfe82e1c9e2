// The same statements for a script and for a connection, so that both end in the same table.
#include "actors/export/postgres_text.hpp"

#include <array>
#include <charconv>
#include <ctime>

namespace trainyard {
namespace {

constexpr std::string_view column_names =
    "asset_id, image_path, width, height, bytes, mtime, sha256, space_id, embedding";

std::string literal(std::string_view text) {
  std::string quoted = "'";
  for (const char each : text)
    quoted += each == '\'' ? "''" : std::string(1, each);
  return quoted + "'";
}

void append_escaped(std::string_view text, std::string& to) {
  for (const char each : text)
    switch (each) {
    case '\\':
      to += "\\\\";
      break;
    case '\t':
      to += "\\t";
      break;
    case '\n':
      to += "\\n";
      break;
    case '\r':
      to += "\\r";
      break;
    default:
      to += each;
    }
}

/// The shortest text that reads back as the same number.
void append_number(float value, std::string& to) {
  std::array<char, 32> text;
  to.append(text.data(), std::to_chars(text.data(), text.data() + text.size(), value).ptr);
}

void append_vector(std::span<const float> numbers, embedding_type type, std::string& to) {
  to += type == embedding_type::vector ? '[' : '{';
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    if (i > 0)
      to += ',';
    append_number(numbers[i], to);
  }
  to += type == embedding_type::vector ? ']' : '}';
}

/// UTC with microseconds, which is all that PostgreSQL keeps.
std::string moment_text(std::int64_t ns) {
  constexpr std::int64_t per_second = 1'000'000'000;
  const auto below = (ns % per_second + per_second) % per_second;
  const auto seconds = static_cast<std::time_t>((ns - below) / per_second);
  std::tm parts{};
  ::gmtime_r(&seconds, &parts);
  std::array<char, 48> text{};
  const auto size = std::strftime(text.data(), text.size(), "%Y-%m-%d %H:%M:%S", &parts);
  auto micro = std::to_string(below / 1000);
  micro.insert(0, 6 - micro.size(), '0');
  return std::string(text.data(), size) + "." + micro + "+00";
}

} // namespace

result<std::string> quoted_table(std::string_view name) {
  std::string quoted;
  int parts = 0;
  for (bool more = true; more; ++parts) {
    const auto end = name.find('.');
    const auto part = name.substr(0, end);
    more = end != std::string_view::npos;
    if (part.empty() || part.size() > 63 || parts == 2)
      return fail(failure_kind::usage, "--table is no name of a table",
                  "give a name, or a schema and a name: search.images");
    quoted += parts > 0 ? ".\"" : "\"";
    for (const char each : part)
      quoted += each == '"' ? "\"\"" : std::string(1, each);
    quoted += '"';
    name.remove_prefix(more ? end + 1 : name.size());
  }
  return quoted;
}

std::string sql_before_rows(const postgres_table& table, std::string_view quoted) {
  const std::string name(quoted);
  const auto type =
      table.type == embedding_type::vector ? "vector(" + std::to_string(table.dim) + ")" : "real[]";
  // DO takes no parameters, so what it compares stands in a table.
  return "BEGIN;\nSET LOCAL client_encoding = 'UTF8';\n"
         "CREATE TABLE IF NOT EXISTS " +
         name +
         " (\n  asset_id text PRIMARY KEY, image_path text NOT NULL, width integer NOT NULL, height integer "
         "NOT NULL,\n"
         "  bytes bigint NOT NULL, mtime timestamptz NOT NULL, sha256 text NOT NULL, space_id text NOT "
         "NULL,\n"
         "  embedding " +
         type +
         " NOT NULL);\n"
         "CREATE TEMPORARY TABLE trainyard_space ON COMMIT DROP AS SELECT " +
         literal(table.space_id) + "::text AS wanted, (SELECT space_id FROM " + name + " WHERE space_id <> " +
         literal(table.space_id) +
         " LIMIT 1) AS other;\n"
         "DO $trainyard$ DECLARE seen record; BEGIN SELECT * INTO seen FROM trainyard_space;\n"
         "  IF seen.other IS NOT NULL THEN RAISE EXCEPTION 'the table holds vectors of space %, not %', "
         "seen.other, "
         "seen.wanted; END IF;\nEND $trainyard$;\n"
         "CREATE TEMPORARY TABLE trainyard_incoming (LIKE " +
         name + ") ON COMMIT DROP;\n";
}

std::string sql_copy() {
  return "COPY trainyard_incoming (" + std::string(column_names) + ") FROM STDIN;\n";
}

void append_copy_lines(const row_block_view& block, const postgres_table& table, std::string& to) {
  for (std::size_t i = 0; i < block.about.size(); ++i) {
    const auto& row = block.about[i];
    append_escaped(row.asset_id, to);
    to += '\t';
    append_escaped(row.image_path, to);
    to += '\t' + std::to_string(row.width) + '\t' + std::to_string(row.height) + '\t' +
          std::to_string(row.bytes) + '\t' + moment_text(row.mtime_ns) + '\t' + to_hex(row.sha256) + '\t';
    append_escaped(table.space_id, to);
    to += '\t';
    append_vector(block.vectors.subspan(i * table.dim, table.dim), table.type, to);
    to += '\n';
  }
}

std::string sql_after_rows(std::string_view quoted) {
  std::string updates;
  for (const std::string each :
       {"image_path", "width", "height", "bytes", "mtime", "sha256", "space_id", "embedding"})
    updates += (updates.empty() ? "" : ", ") + each + " = EXCLUDED." + each;
  const std::string names(column_names);
  return "INSERT INTO " + std::string(quoted) + " (" + names + ") SELECT " + names +
         " FROM trainyard_incoming\n  ON CONFLICT (asset_id) DO UPDATE SET " + updates + ";\nCOMMIT;\n";
}

} // namespace trainyard
