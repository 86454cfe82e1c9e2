// The whole file is read and replaced each time: it holds a line per model and kind of device.
#include "actors/device/model/precision_store.hpp"

#include <algorithm>

#include "actors/disk/durable_file.hpp"
#include "messages/json_codec.hpp"

namespace trainyard {
namespace {

struct precision_line {
  std::string space_id;
  std::string device_kind;
  std::string device_name;
  std::int64_t threads = 1;
  std::string precision;
  double least_cosine = 0;
  double images_per_second = 0;
  double fp32_images_per_second = 0;

  static constexpr auto fields() {
    return std::tuple{required("space_id", &precision_line::space_id),
                      required("device_kind", &precision_line::device_kind),
                      required("device_name", &precision_line::device_name),
                      required("threads", &precision_line::threads),
                      required("precision", &precision_line::precision),
                      required("least_cosine", &precision_line::least_cosine),
                      required("images_per_second", &precision_line::images_per_second),
                      required("fp32_images_per_second", &precision_line::fp32_images_per_second)};
  }
  /// In the form that JSON can hold, so that a name of any bytes is found again.
  [[nodiscard]] bool is_of(const precision_key& key) const {
    return space_id == printable_utf8(key.space_id) && device_kind == printable_utf8(key.device_kind) &&
           device_name == printable_utf8(key.device_name) && threads == key.threads;
  }
};

struct precision_file {
  std::int64_t schema = 1;
  std::vector<precision_line> precisions;

  static constexpr auto fields() {
    return std::tuple{required("schema", &precision_file::schema),
                      required("precisions", &precision_file::precisions)};
  }
};

result<precision_file> read(const std::filesystem::path& file) {
  std::error_code ignored;
  if (!std::filesystem::exists(file, ignored))
    return precision_file{};
  if (!std::filesystem::is_regular_file(file, ignored)) // a pipe would be waited for, for ever
    return fail(failure_kind::config_invalid, file.string() + " is not a file", "remove it");
  const auto text = read_file(file);
  if (!text)
    return tl::unexpected(text.error());
  auto parsed = from_json_text<precision_file>(std::as_bytes(std::span(*text)));
  if (parsed && parsed->schema == 1)
    return parsed;
  return fail(failure_kind::config_invalid,
              file.string() + " is not what trainyard writes" + (parsed ? "" : ": " + parsed.error().cause),
              "remove it: precisions are measured again");
}

} // namespace

result<std::optional<std::string>> precision_store::recall(const precision_key& key) const {
  const auto known = read(file_);
  if (!known)
    return tl::unexpected(known.error());
  for (const auto& each : known->precisions)
    if (each.is_of(key) && (each.precision == "fp32" || each.precision == "bf16"))
      return each.precision;
  return std::nullopt;
}

result<void> precision_store::remember(const precision_key& key,
                                       const std::vector<precision_outcome>& outcomes) const {
  auto known = read(file_).value_or(precision_file{}); // a damaged file is replaced
  std::erase_if(known.precisions, [&](const auto& each) { return each.is_of(key); });
  const auto chosen = chosen_precision(outcomes);
  const auto& best = *std::ranges::find(outcomes, chosen, &precision_outcome::precision);
  known.precisions.push_back({key.space_id, key.device_kind, key.device_name, key.threads, chosen,
                              best.least_cosine, best.images_per_second, outcomes.front().images_per_second});
  if (auto made = make_directories(file_.parent_path()); !made)
    return made;
  return replace_file(file_, to_json(known).dump(2) + "\n");
}

} // namespace trainyard
