// The whole file is read and replaced each time: it holds a line per device and model, and changes rarely.
#include "actors/device/memory/ceiling_store.hpp"

#include <algorithm>
#include <vector>

#include "actors/disk/durable_file.hpp"
#include "messages/json_codec.hpp"

namespace trainyard {
namespace {

struct ceiling_line {
  std::string device_id;
  std::string device_kind;
  std::string device_name;
  std::string space_id;
  std::string precision;
  std::uint32_t resolution = 0;
  std::uint32_t images = 0;
  std::uint64_t limit_bytes = 0;

  static constexpr auto fields() {
    return std::tuple{required("device_id", &ceiling_line::device_id),
                      required("device_kind", &ceiling_line::device_kind),
                      required("device_name", &ceiling_line::device_name),
                      required("space_id", &ceiling_line::space_id),
                      required("precision", &ceiling_line::precision),
                      required("resolution", &ceiling_line::resolution),
                      required("images", &ceiling_line::images),
                      required("limit_bytes", &ceiling_line::limit_bytes)};
  }
  /// In the form that JSON can hold, so that a name of any bytes is found again.
  [[nodiscard]] bool is_of(const ceiling_key& key) const {
    return device_id == printable_utf8(key.device_id) && device_kind == printable_utf8(key.device_kind) &&
           device_name == printable_utf8(key.device_name) && space_id == printable_utf8(key.space_id) &&
           precision == printable_utf8(key.precision) && resolution == key.resolution;
  }
};

struct ceiling_file {
  std::int64_t schema = 1;
  std::vector<ceiling_line> ceilings;

  static constexpr auto fields() {
    return std::tuple{required("schema", &ceiling_file::schema),
                      required("ceilings", &ceiling_file::ceilings)};
  }
};

result<ceiling_file> read(const std::filesystem::path& file) {
  std::error_code ignored;
  if (!std::filesystem::exists(file, ignored))
    return ceiling_file{};
  if (!std::filesystem::is_regular_file(file, ignored)) // a pipe would be waited for, for ever
    return fail(failure_kind::config_invalid, file.string() + " is not a file", "remove it");
  const auto text = read_file(file);
  if (!text)
    return tl::unexpected(text.error());
  auto parsed = from_json_text<ceiling_file>(std::as_bytes(std::span(*text)));
  if (parsed && parsed->schema == 1)
    return parsed;
  return fail(failure_kind::config_invalid,
              file.string() + " is not what trainyard writes" + (parsed ? "" : ": " + parsed.error().cause),
              "remove it: devices learn again what they have room for");
}

} // namespace

result<std::optional<std::uint32_t>> ceiling_store::recall(const ceiling_key& key,
                                                           std::uint64_t limit_bytes) {
  const std::lock_guard lock(mutex_);
  const auto known = read(file_);
  if (!known)
    return tl::unexpected(known.error());
  for (const auto& each : known->ceilings)
    if (each.is_of(key) && each.images > 0 && limit_bytes <= each.limit_bytes + each.limit_bytes / 4)
      return each.images;
  return std::nullopt;
}

result<void> ceiling_store::remember(const ceiling_key& key, std::optional<learned_ceiling> learned) {
  const std::lock_guard lock(mutex_);
  auto known = read(file_).value_or(ceiling_file{}); // a damaged file is replaced
  std::erase_if(known.ceilings, [&](const auto& each) { return each.is_of(key); });
  if (learned)
    known.ceilings.push_back({key.device_id, key.device_kind, key.device_name, key.space_id, key.precision,
                              key.resolution, learned->images, learned->limit_bytes});
  if (auto made = make_directories(file_.parent_path()); !made)
    return made;
  return replace_file(file_, to_json(known).dump(2) + "\n");
}

} // namespace trainyard
