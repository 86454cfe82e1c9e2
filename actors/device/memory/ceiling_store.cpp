// The whole file is read and replaced each time: it holds a line per device and model, and changes rarely.
#include "actors/device/memory/ceiling_store.hpp"

#include <algorithm>
#include <vector>

#include "actors/disk/durable_file.hpp"
#include "messages/json_codec.hpp"

namespace trainyard {
namespace {

struct learned_ceiling {
  std::string device_kind;
  std::string device_name;
  std::string space_id;
  std::string precision;
  std::uint32_t resolution = 0;
  std::uint32_t images = 0;

  static constexpr auto fields() {
    return std::tuple{required("device_kind", &learned_ceiling::device_kind),
                      required("device_name", &learned_ceiling::device_name),
                      required("space_id", &learned_ceiling::space_id),
                      required("precision", &learned_ceiling::precision),
                      required("resolution", &learned_ceiling::resolution),
                      required("images", &learned_ceiling::images)};
  }
  [[nodiscard]] bool is_of(const ceiling_key& key) const {
    return std::tie(device_kind, device_name, space_id, precision, resolution) ==
           std::tie(key.device_kind, key.device_name, key.space_id, key.precision, key.resolution);
  }
};

struct ceiling_file {
  std::int64_t schema = 1;
  std::vector<learned_ceiling> ceilings;

  static constexpr auto fields() {
    return std::tuple{required("schema", &ceiling_file::schema),
                      required("ceilings", &ceiling_file::ceilings)};
  }
};

result<ceiling_file> read(const std::filesystem::path& file) {
  std::error_code ignored;
  if (!std::filesystem::exists(file, ignored))
    return ceiling_file{};
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

result<std::optional<std::uint32_t>> ceiling_store::recall(const ceiling_key& key) {
  const std::lock_guard lock(mutex_);
  const auto known = read(file_);
  if (!known)
    return tl::unexpected(known.error());
  for (const auto& each : known->ceilings)
    if (each.is_of(key) && each.images > 0)
      return each.images;
  return std::nullopt;
}

result<void> ceiling_store::remember(const ceiling_key& key, std::optional<std::uint32_t> images) {
  const std::lock_guard lock(mutex_);
  auto known = read(file_).value_or(ceiling_file{}); // a damaged file is replaced
  std::erase_if(known.ceilings, [&](const auto& each) { return each.is_of(key); });
  if (images)
    known.ceilings.push_back(
        {key.device_kind, key.device_name, key.space_id, key.precision, key.resolution, *images});
  if (auto made = make_directories(file_.parent_path()); !made)
    return made;
  return replace_file(file_, to_json(known).dump(2) + "\n");
}

} // namespace trainyard
