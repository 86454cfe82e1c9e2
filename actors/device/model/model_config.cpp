// Reads and checks config.json, and derives the identity of the embedding space.
#include "actors/device/model/model_config.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <fstream>
#include <optional>

#include <nlohmann/json.hpp>

#include "actors/disk/sha256.hpp"

namespace trainyard {
namespace {

using nlohmann::json;

constexpr std::uintmax_t most_config_bytes = 1U << 20;
constexpr std::int64_t most_side_pixels = 1024;

class config_error : public std::runtime_error {
  using runtime_error::runtime_error;
};

const json& member(const json& object, const char* key) {
  const auto found = object.find(key);
  if (found == object.end())
    throw config_error(std::string("has no '") + key + "'");
  return *found;
}

std::uint32_t number(const json& object, const char* key, std::int64_t least, std::int64_t most) {
  const auto& value = member(object, key);
  if (!value.is_number_integer() || value < least || value > most)
    throw config_error(
        std::string("'") + key + "' is " + value.dump(-1, ' ', true, json::error_handler_t::replace) +
        " and must be an integer from " + std::to_string(least) + " to " + std::to_string(most));
  return value.get<std::uint32_t>();
}

std::string text(const json& object, const char* key) {
  const auto& value = member(object, key);
  if (!value.is_string())
    throw config_error(std::string("'") + key + "' is no text");
  return value.get<std::string>();
}

std::array<float, 3> channels(const json& object, const char* key, bool zero_allowed) {
  const auto& value = member(object, key);
  std::array<float, 3> numbers{};
  const bool three = value.is_array() && value.size() == 3 &&
                     std::ranges::all_of(value, [](const json& item) { return item.is_number(); });
  for (std::size_t i = 0; three && i < 3; ++i)
    numbers[i] = value[i].get<float>();
  const auto in_range = [&](float item) { return item <= 1 && (zero_allowed ? item >= 0 : item >= 1e-4F); };
  if (!three || !std::ranges::all_of(numbers, in_range))
    throw config_error(std::string("'") + key + "' must be three numbers between 0 and 1");
  return numbers;
}

model_config checked(const json& root) {
  if (!root.is_object())
    throw config_error("is no JSON object");
  model_config config;
  config.architecture = text(root, "architecture");
  config.dim = number(root, "dim", 1, 65536);
  const auto& image = member(root, "image");
  if (!image.is_object())
    throw config_error("'image' is no object");
  config.image.resize = number(image, "resize", 32, most_side_pixels);
  config.image.crop = number(image, "crop", 32, config.image.resize);
  config.image.mean = channels(image, "mean", true);
  config.image.deviation = channels(image, "deviation", false);
  if (root.contains("normalisation") && text(root, "normalisation") != "l2")
    throw config_error("'normalisation' must be \"l2\"");
  if (root.contains("sha256"))
    config.sha256 = text(root, "sha256");
  if (root.contains("golden_sha256"))
    config.golden_sha256 = text(root, "golden_sha256");
  return config;
}

std::string content_of(const std::filesystem::path& file) {
  std::error_code error;
  if (!std::filesystem::is_regular_file(file, error) ||
      std::filesystem::file_size(file, error) > most_config_bytes)
    throw config_error("is not a regular file of at most 1 MiB");
  std::ifstream stream(file, std::ios::binary);
  std::string content{std::istreambuf_iterator<char>(stream), {}};
  if (!stream)
    throw config_error("cannot be read");
  return content;
}

} // namespace

result<model_config> read_model_config(const std::filesystem::path& folder) {
  const auto file = folder / "config.json";
  std::error_code error;
  if (!std::filesystem::exists(file, error))
    return fail(failure_kind::model_missing, file.string() + " does not exist",
                "name a folder with config.json and model.safetensors, or a model of the store");
  try {
    return checked(json::parse(content_of(file)));
  } catch (const json::exception&) {
    return fail(failure_kind::model_invalid, file.string() + " is not JSON",
                "download or convert the model again");
  } catch (const config_error& wrong) {
    return fail(failure_kind::model_invalid, file.string() + " " + wrong.what(), "correct config.json");
  }
}

std::string space_id_of(const model_config& config, const std::string& weights_sha256) {
  std::string canonical = "weights=" + weights_sha256 + "\narchitecture=" + config.architecture +
                          "\nresize=shortest-side,bicubic,antialias," + std::to_string(config.image.resize) +
                          "\ncrop=centre," + std::to_string(config.image.crop) + "\nscale=1/255,rgb";
  // Bit patterns: a decimal text would depend on the locale and on the library that rounds it.
  for (std::size_t i = 0; i < 3; ++i)
    canonical += "\nchannel=" + std::to_string(std::bit_cast<std::uint32_t>(config.image.mean[i])) + "," +
                 std::to_string(std::bit_cast<std::uint32_t>(config.image.deviation[i]));
  canonical += "\nfeature=global-average-pool\nnormalisation=l2\n";
  return hex_sha256_of(std::as_bytes(std::span(canonical))).substr(0, 16);
}

} // namespace trainyard
