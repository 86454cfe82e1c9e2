// Metadata rows to Parquet through Arrow; its statuses and exceptions end here.
#include "actors/coordinator/output/metadata_table.hpp"

#include <exception>
#include <memory>
#include <vector>

#include <arrow/api.h>
#include <arrow/io/memory.h>
#include <parquet/arrow/writer.h>

namespace trainyard {

namespace {

// The system's allocator: Arrow's own pools keep what they once had, and the coordinator stays flat.
arrow::MemoryPool* pool() {
  return arrow::system_memory_pool();
}

template <class Builder, class Value>
arrow::Result<std::shared_ptr<arrow::Array>> column(std::span<const metadata_row> rows, Builder builder,
                                                    Value&& value_of) {
  ARROW_RETURN_NOT_OK(builder.Reserve(static_cast<std::int64_t>(rows.size())));
  for (const auto& row : rows)
    ARROW_RETURN_NOT_OK(builder.Append(value_of(row)));
  return builder.Finish();
}

template <class Value>
auto text(std::span<const metadata_row> rows, Value&& value_of) {
  return column(rows, arrow::StringBuilder(pool()), value_of);
}

struct named_column {
  const char* name;
  arrow::Result<std::shared_ptr<arrow::Array>> values;
};

std::vector<named_column> columns_of(std::span<const metadata_row> rows) {
  using row = metadata_row;
  const auto moment = arrow::timestamp(arrow::TimeUnit::NANO, "UTC");
  return {{"image_path", text(rows, [](const row& each) { return each.image_path; })},
          {"asset_id", text(rows, [](const row& each) { return each.asset_id; })},
          {"width", column(rows, arrow::Int32Builder(pool()), [](const row& each) { return each.width; })},
          {"height", column(rows, arrow::Int32Builder(pool()), [](const row& each) { return each.height; })},
          {"bytes", column(rows, arrow::Int64Builder(pool()), [](const row& each) { return each.bytes; })},
          {"mtime", column(rows, arrow::TimestampBuilder(moment, pool()),
                           [](const row& each) { return each.mtime_ns; })},
          {"sha256", text(rows, [](const row& each) { return to_hex(each.sha256); })},
          {"device", text(rows, [](const row& each) { return each.device; })},
          {"precision", text(rows, [](const row& each) { return each.precision; })}};
}

arrow::Result<std::shared_ptr<arrow::Table>> table_of(std::span<const metadata_row> rows) {
  arrow::FieldVector fields;
  arrow::ArrayVector arrays;
  for (auto& column : columns_of(rows)) {
    ARROW_ASSIGN_OR_RAISE(arrays.emplace_back(), std::move(column.values));
    fields.push_back(arrow::field(column.name, arrays.back()->type(), /*nullable=*/false));
  }
  return arrow::Table::Make(arrow::schema(std::move(fields)), std::move(arrays));
}

arrow::Result<std::string> parquet_of(std::span<const metadata_row> rows) {
  ARROW_ASSIGN_OR_RAISE(const auto table, table_of(rows));
  parquet::WriterProperties::Builder properties;
  properties.memory_pool(pool())->compression(parquet::Compression::ZSTD);
  for (const char* unique : {"image_path", "asset_id", "sha256"})
    properties.disable_dictionary(unique); // no value comes twice
  const auto keep_time_zone = parquet::ArrowWriterProperties::Builder().store_schema()->build();
  ARROW_ASSIGN_OR_RAISE(auto sink, arrow::io::BufferOutputStream::Create(1 << 20, pool()));
  ARROW_RETURN_NOT_OK(parquet::arrow::WriteTable(*table, pool(), sink, parquet::DEFAULT_MAX_ROW_GROUP_LENGTH,
                                                 properties.build(), keep_time_zone));
  ARROW_ASSIGN_OR_RAISE(const auto buffer, sink->Finish());
  return buffer->ToString();
}

} // namespace

result<std::string> metadata_parquet(std::span<const metadata_row> rows) {
  try {
    auto file = parquet_of(rows);
    if (file.ok())
      return std::move(file).ValueUnsafe();
    return fail(failure_kind::internal, "cannot write metadata as Parquet: " + file.status().ToString());
  } catch (const std::exception& error) {
    return fail(failure_kind::internal, std::string("cannot write metadata as Parquet: ") + error.what());
  }
}

} // namespace trainyard
