// Parquet back to metadata rows through Arrow; its statuses and exceptions end here.
#include <charconv>
#include <exception>
#include <memory>

#include <arrow/api.h>
#include <arrow/io/file.h>
#include <parquet/arrow/reader.h>

#include "actors/coordinator/output/corrupt_output.hpp"
#include "actors/coordinator/output/metadata_table.hpp"

namespace trainyard {

namespace {

template <class Array, class Take>
arrow::Status take_column(const arrow::Table& table, const char* name, std::vector<metadata_row>& rows,
                          Take&& take) {
  const auto column = table.GetColumnByName(name);
  if (!column)
    return arrow::Status::Invalid("it has no column ", name);
  std::size_t row = 0;
  for (const auto& chunk : column->chunks()) {
    const auto* const values = dynamic_cast<const Array*>(chunk.get());
    if (!values || values->null_count() > 0 || row + static_cast<std::size_t>(values->length()) > rows.size())
      return arrow::Status::Invalid("column ", name, " is of another type");
    for (std::int64_t i = 0; i < values->length(); ++i)
      if (!take(rows[row++], *values, i))
        return arrow::Status::Invalid("column ", name, " holds a value that is none");
  }
  return row == rows.size() ? arrow::Status::OK() : arrow::Status::Invalid("column ", name, " is too short");
}

arrow::Status take_text(const arrow::Table& table, const char* name, std::vector<metadata_row>& rows,
                        std::string metadata_row::*member) {
  return take_column<arrow::StringArray>(table, name, rows, [&](metadata_row& row, const auto& from, auto i) {
    row.*member = from.GetString(i);
    return true;
  });
}

template <class Array, class Number>
arrow::Status take_number(const arrow::Table& table, const char* name, std::vector<metadata_row>& rows,
                          Number metadata_row::*member) {
  return take_column<Array>(table, name, rows, [&](metadata_row& row, const auto& from, auto i) {
    row.*member = from.Value(i);
    return true;
  });
}

bool take_hash(metadata_row& row, const arrow::StringArray& from, std::int64_t i) {
  const auto hex = from.GetView(i);
  if (hex.size() != 2 * row.sha256.size())
    return false;
  for (std::size_t at = 0; at < row.sha256.size(); ++at) {
    unsigned byte = 0;
    const auto* const digits = hex.data() + 2 * at;
    if (std::from_chars(digits, digits + 2, byte, 16).ptr != digits + 2)
      return false;
    row.sha256[at] = std::byte(byte);
  }
  return true;
}

arrow::Result<std::vector<metadata_row>> rows_of(const std::string& file) {
  auto* const pool = arrow::system_memory_pool(); // Arrow's own pools keep what they once had
  ARROW_ASSIGN_OR_RAISE(const auto opened, arrow::io::ReadableFile::Open(file, pool));
  parquet::arrow::FileReaderBuilder builder;
  ARROW_RETURN_NOT_OK(builder.Open(opened));
  std::unique_ptr<parquet::arrow::FileReader> reader;
  ARROW_RETURN_NOT_OK(builder.memory_pool(pool)->Build(&reader));
  ARROW_ASSIGN_OR_RAISE(const std::shared_ptr<arrow::Table> table, reader->ReadTable());
  using row = metadata_row;
  std::vector<row> rows(static_cast<std::size_t>(table->num_rows()));
  ARROW_RETURN_NOT_OK(take_text(*table, "image_path", rows, &row::image_path));
  ARROW_RETURN_NOT_OK(take_text(*table, "asset_id", rows, &row::asset_id));
  ARROW_RETURN_NOT_OK((take_number<arrow::Int32Array>(*table, "width", rows, &row::width)));
  ARROW_RETURN_NOT_OK((take_number<arrow::Int32Array>(*table, "height", rows, &row::height)));
  ARROW_RETURN_NOT_OK((take_number<arrow::Int64Array>(*table, "bytes", rows, &row::bytes)));
  ARROW_RETURN_NOT_OK((take_number<arrow::TimestampArray>(*table, "mtime", rows, &row::mtime_ns)));
  ARROW_RETURN_NOT_OK(take_column<arrow::StringArray>(*table, "sha256", rows, take_hash));
  ARROW_RETURN_NOT_OK(take_text(*table, "device", rows, &row::device));
  ARROW_RETURN_NOT_OK(take_text(*table, "precision", rows, &row::precision));
  return rows;
}

tl::unexpected<failure> unreadable(const std::filesystem::path& file, const std::string& why) {
  return corrupt_output(file.string() + " cannot be read as metadata: " + why);
}

} // namespace

result<std::vector<metadata_row>> read_metadata(const std::filesystem::path& file) {
  try {
    auto rows = rows_of(file.string());
    if (rows.ok())
      return std::move(rows).ValueUnsafe();
    return unreadable(file, rows.status().ToString());
  } catch (const std::exception& error) {
    return unreadable(file, error.what());
  }
}

} // namespace trainyard
