// Two sources for one description; names of files are those of the layout, never those of a JSON text.
#include "actors/search/vector_folder.hpp"

#include <algorithm>
#include <charconv>

#include "actors/coordinator/output/folder_layout.hpp"
#include "actors/coordinator/output/shard_log.hpp"
#include "messages/json_codec.hpp"

namespace trainyard {
namespace {

namespace fs = std::filesystem;

struct listed_shard {
  std::string npy;
  std::uint64_t rows = 0;
  static constexpr auto fields() {
    return std::tuple{required("npy", &listed_shard::npy), required("rows", &listed_shard::rows)};
  }
};

/// What session.json and spec.json have in common; the state and shards are session.json's alone.
struct description {
  std::uint32_t schema = 0;
  std::string session_id;
  std::string state = "unfinished";
  std::string model;
  std::string space_id;
  std::uint32_t dim = 0;
  std::string dtype;
  std::string precision;
  std::string directory;
  std::vector<listed_shard> shards{};
  static constexpr auto fields() {
    using is = description;
    return std::tuple{required("schema", &is::schema),       required("session_id", &is::session_id),
                      optional("state", &is::state),         required("model", &is::model),
                      required("space_id", &is::space_id),   required("dim", &is::dim),
                      required("dtype", &is::dtype),         required("precision", &is::precision),
                      required("directory", &is::directory), optional("shards", &is::shards)};
  }
};

tl::unexpected<failure> corrupt(const fs::path& file, const std::string& why) {
  return fail(failure_kind::output_corrupt, file.string() + ": " + why,
              "restore the folder from a copy, or embed into a new one");
}

result<description> read_description(const fs::path& file) {
  const auto text = read_file(file);
  if (!text)
    return tl::unexpected(text.error());
  auto found = from_json_text<description>(std::as_bytes(std::span(text->data(), text->size())));
  if (!found)
    return corrupt(file, found.error().cause);
  if (found->schema != 1)
    return corrupt(file, "schema " + std::to_string(found->schema) + " is not known to this version");
  if (found->dtype != "fp16" && found->dtype != "fp32")
    return corrupt(file, "dtype '" + found->dtype + "' is not fp16 or fp32");
  if (found->dim == 0 || found->dim > most_npy_dim)
    return corrupt(file, "dim is " + std::to_string(found->dim));
  return found;
}

/// The number in "img_emb/img_emb_00012.npy", where that is exactly the layout's name for it.
std::optional<std::uint64_t> number_of(const std::string& npy) {
  constexpr std::string_view start = "img_emb/img_emb_";
  std::uint64_t number = 0;
  if (!npy.starts_with(start))
    return std::nullopt;
  std::from_chars(npy.data() + start.size(), npy.data() + npy.size(), number);
  return folder_layout::npy_name(number) == npy ? std::optional(number) : std::nullopt;
}

void add_shard(vector_folder& folder, std::uint64_t number, std::uint64_t rows) {
  folder.shards.push_back({number, folder.root / folder_layout::npy_name(number),
                           folder.root / folder_layout::parquet_name(number), rows, folder.rows});
  folder.rows += rows;
}

vector_folder folder_of(const fs::path& root, description is) {
  vector_folder folder;
  folder.root = root;
  folder.session_id = std::move(is.session_id);
  folder.state = std::move(is.state);
  folder.model = std::move(is.model);
  folder.space_id = std::move(is.space_id);
  folder.directory = std::move(is.directory);
  folder.precision = std::move(is.precision);
  folder.dim = is.dim;
  folder.format = is.dtype == "fp32" ? number_format::fp32 : number_format::fp16;
  return folder;
}

result<vector_folder> finished_folder(const folder_layout& at) {
  auto is = read_description(at.session());
  if (!is)
    return tl::unexpected(is.error());
  const auto listed = std::move(is->shards);
  auto folder = folder_of(at.root, std::move(*is));
  std::optional<std::uint64_t> last;
  for (const auto& each : listed) {
    const auto number = number_of(each.npy);
    if (!number || (last && *number <= *last))
      return corrupt(at.session(),
                     "'" + printable_utf8(each.npy) + "' is no name of a shard, or out of order");
    if (each.rows == 0 || each.rows > (1ULL << 40U))
      return corrupt(at.session(), each.npy + " with " + std::to_string(each.rows) + " rows");
    add_shard(folder, *number, each.rows);
    last = number;
  }
  return folder;
}

result<vector_folder> growing_folder(const folder_layout& at) {
  auto is = read_description(at.spec());
  if (!is)
    return tl::unexpected(is.error());
  auto folder = folder_of(at.root, std::move(*is));
  folder.state = "unfinished";
  std::error_code ignored;
  if (!fs::exists(at.log(), ignored))
    return folder; // nothing is committed yet
  const auto log = shard_log::look(at.log());
  if (!log)
    return tl::unexpected(log.error());
  for (const auto& [number, shard] : log->live())
    add_shard(folder, number, shard.record.rows);
  return folder;
}

} // namespace

const vector_shard& vector_folder::shard_of(std::uint64_t row) const {
  return *std::prev(std::ranges::upper_bound(shards, row, {}, &vector_shard::first_row));
}

result<vector_folder> look_at_folder(const fs::path& out) {
  std::error_code error;
  folder_layout at{fs::absolute(out).lexically_normal()};
  if (!at.root.has_filename()) // "out/"
    at.root = at.root.parent_path();
  if (fs::exists(at.session(), error))
    return finished_folder(at);
  if (fs::exists(at.spec(), error))
    return growing_folder(at);
  return fail(failure_kind::input_missing,
              "'" + printable_utf8(out.string()) + "' is no output folder: it holds no session.json",
              "give the folder that `trainyard run --out` or a session wrote");
}

} // namespace trainyard
