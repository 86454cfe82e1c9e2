// One row group per block, so that memory follows the block and not the folder.
#include "actors/export/parquet_export.hpp"

#include <exception>
#include <memory>
#include <optional>

#include <arrow/api.h>
#include <arrow/io/file.h>
#include <parquet/arrow/writer.h>

#include "actors/disk/durable_file.hpp"
#include "actors/export/export_rows.hpp"

namespace trainyard {
namespace {

constexpr std::uint64_t rows_per_group = 8192;

arrow::MemoryPool* pool() {
  return arrow::system_memory_pool(); // Arrow's own pools keep what they once had
}

std::shared_ptr<arrow::Schema> schema_of(const vector_folder& folder, vector_column vectors) {
  const auto text = arrow::utf8();
  arrow::FieldVector fields{arrow::field("image_path", text, false),
                            arrow::field("asset_id", text, false),
                            arrow::field("width", arrow::int32(), false),
                            arrow::field("height", arrow::int32(), false),
                            arrow::field("bytes", arrow::int64(), false),
                            arrow::field("mtime", arrow::timestamp(arrow::TimeUnit::NANO, "UTC"), false),
                            arrow::field("sha256", text, false),
                            arrow::field("device", text, false),
                            arrow::field("precision", text, false)};
  if (vectors == vector_column::with)
    fields.push_back(arrow::field("vector",
                                  arrow::fixed_size_list(arrow::field("element", arrow::float32(), false),
                                                         static_cast<int>(folder.dim)),
                                  false));
  return arrow::schema(fields,
                       arrow::KeyValueMetadata::Make({"space_id", "model", "session_id"},
                                                     {folder.space_id, folder.model, folder.session_id}));
}

/// One builder per column of the metadata, in the schema's order.
struct columns {
  arrow::StringBuilder path{pool()}, asset{pool()}, sha{pool()}, device{pool()}, precision{pool()};
  arrow::Int32Builder width{pool()}, height{pool()};
  arrow::Int64Builder bytes{pool()};
  arrow::TimestampBuilder mtime{arrow::timestamp(arrow::TimeUnit::NANO, "UTC"), pool()};

  arrow::Status add(const metadata_row& row) {
    ARROW_RETURN_NOT_OK(path.Append(row.image_path));
    ARROW_RETURN_NOT_OK(asset.Append(row.asset_id));
    ARROW_RETURN_NOT_OK(width.Append(row.width));
    ARROW_RETURN_NOT_OK(height.Append(row.height));
    ARROW_RETURN_NOT_OK(bytes.Append(row.bytes));
    ARROW_RETURN_NOT_OK(mtime.Append(row.mtime_ns));
    ARROW_RETURN_NOT_OK(sha.Append(to_hex(row.sha256)));
    ARROW_RETURN_NOT_OK(device.Append(row.device));
    return precision.Append(row.precision);
  }
  arrow::Result<arrow::ArrayVector> finish() {
    arrow::ArrayVector arrays;
    for (arrow::ArrayBuilder* each : std::initializer_list<arrow::ArrayBuilder*>{
             &path, &asset, &width, &height, &bytes, &mtime, &sha, &device, &precision}) {
      ARROW_ASSIGN_OR_RAISE(arrays.emplace_back(), each->Finish());
    }
    return arrays;
  }
};

std::shared_ptr<arrow::Array> vectors_of(const row_block_view& block,
                                         const std::shared_ptr<arrow::DataType>& type) {
  // The array only looks at the block, which outlives the write.
  const auto numbers =
      std::make_shared<arrow::FloatArray>(static_cast<std::int64_t>(block.vectors.size()),
                                          arrow::Buffer::Wrap(block.vectors.data(), block.vectors.size()));
  return std::make_shared<arrow::FixedSizeListArray>(type, static_cast<std::int64_t>(block.about.size()),
                                                     numbers);
}

class parquet_file {
public:
  arrow::Status open(const std::shared_ptr<arrow::Schema>& schema, const std::string& file) {
    schema_ = schema;
    parquet::WriterProperties::Builder properties;
    properties.memory_pool(pool())->compression(parquet::Compression::ZSTD);
    for (const char* unique : {"image_path", "asset_id", "sha256", numbers})
      properties.disable_dictionary(unique); // no value comes twice
    properties.encoding(numbers, parquet::Encoding::BYTE_STREAM_SPLIT);
    const auto keep_types = parquet::ArrowWriterProperties::Builder().store_schema()->build();
    ARROW_ASSIGN_OR_RAISE(sink_, arrow::io::FileOutputStream::Open(file));
    ARROW_ASSIGN_OR_RAISE(
        writer_, parquet::arrow::FileWriter::Open(*schema, pool(), sink_, properties.build(), keep_types));
    return arrow::Status::OK();
  }
  arrow::Status add(const row_block_view& block) {
    columns all;
    for (const auto& row : block.about)
      ARROW_RETURN_NOT_OK(all.add(row));
    ARROW_ASSIGN_OR_RAISE(auto arrays, all.finish());
    if (const auto field = schema_->GetFieldByName("vector"))
      arrays.push_back(vectors_of(block, field->type()));
    const auto table = arrow::Table::Make(schema_, arrays, static_cast<std::int64_t>(block.about.size()));
    return writer_->WriteTable(*table, static_cast<std::int64_t>(rows_per_group));
  }
  arrow::Status close() {
    ARROW_RETURN_NOT_OK(writer_->Close());
    return sink_->Close();
  }

private:
  static constexpr const char* numbers = "vector.list.element";
  std::shared_ptr<arrow::Schema> schema_;
  std::shared_ptr<arrow::io::FileOutputStream> sink_;
  std::unique_ptr<parquet::arrow::FileWriter> writer_;
};

result<void> checked(const arrow::Status& status, const std::filesystem::path& file) {
  if (status.ok())
    return {};
  return fail(failure_kind::output_unwritable, "cannot write " + file.string() + ": " + status.ToString(),
              "check the folder, its rights and the room on its disk");
}

result<void> write(const vector_folder& folder, const std::filesystem::path& file, vector_column vectors) {
  parquet_file out;
  if (auto opened = checked(out.open(schema_of(folder, vectors), file.string()), file); !opened)
    return opened;
  return for_each_block(folder, rows_per_group,
                        [&](const row_block_view& block) { return checked(out.add(block), file); })
      .and_then([&] { return checked(out.close(), file); });
}

} // namespace

result<void> export_parquet(const vector_folder& folder, const std::filesystem::path& file,
                            vector_column vectors) {
  const auto whole = std::filesystem::absolute(file);
  const auto growing = temporary_of(whole);
  try {
    return write(folder, growing, vectors)
        .and_then([&] { return durable_file::open_existing_or_new(growing); })
        .and_then([](durable_file&& written) { return written.sync(); })
        .and_then([&] { return rename_file(growing, whole); })
        .and_then([&] { return sync_directory(whole.parent_path()); });
  } catch (const std::exception& error) {
    return fail(failure_kind::internal, "cannot write " + file.string() + ": " + error.what());
  }
}

} // namespace trainyard
