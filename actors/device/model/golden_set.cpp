// A golden set of other weights or preprocessing would turn every device away: it is held against the model
// before any device is held against it.
#include "actors/device/model/golden_set.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <span>
#include <stdexcept>

#include <nlohmann/json.hpp>

#include "actors/device/model/golden_images.hpp"
#include "actors/device/model/model_config.hpp"
#include "actors/device/model/safetensors.hpp"
#include "actors/device/model/safetensors_header.hpp"
#include "actors/disk/sha256.hpp"

namespace trainyard {
namespace {

constexpr std::uint64_t most_images = 64;     // each device embeds all of them at every start
constexpr double most_norm_difference = 1e-3; // of fp32 rows: rounding stays below 1e-6

/// What the checks below throw: the file's name and the remedy are added once.
class golden_error : public std::runtime_error {
  using runtime_error::runtime_error;
};

std::string said(const safetensors_file& file, const char* key) {
  const auto* text = file.metadata(key);
  if (text == nullptr)
    throw golden_error(std::string("has no '") + key + "' in its metadata");
  return *text;
}

void check_channels(const safetensors_file& file, const char* key, const std::array<float, 3>& wanted) {
  const auto text = said(file, key);
  const auto list = nlohmann::json::parse(text, nullptr, false);
  const bool numbers = list.is_array() && list.size() == 3 &&
                       std::ranges::all_of(list, [](const auto& item) { return item.is_number(); });
  if (!numbers || list.get<std::array<float, 3>>() != wanted)
    throw golden_error(std::string("was made with the ") + key + " " + in_quotes(text) +
                       " and config.json has another");
}

void check_origin(const safetensors_file& file, const model_identity& identity, const std::string& pinned) {
  if (const auto sha256 = hex_sha256_of(file.whole()); !pinned.empty() && pinned != sha256)
    throw golden_error("has SHA-256 " + sha256 + " and config.json says " + in_quotes(pinned));
  if (const auto weights = said(file, "weights_sha256"); weights != identity.weights_sha256)
    throw golden_error("belongs to the weights with SHA-256 " + in_quotes(weights) +
                       " and model.safetensors has " + identity.weights_sha256);
  check_channels(file, "mean", identity.image.mean);
  check_channels(file, "deviation", identity.image.deviation);
}

std::string text_of(const tensor_entry& entry) {
  std::string text = entry.dtype + " [";
  for (std::size_t i = 0; i < entry.shape.size() && i < 8; ++i)
    text += (i > 0 ? ", " : "") + std::to_string(entry.shape[i]);
  return text + "]";
}

/// `wanted` without its first number, which is the count of images.
const tensor_entry& entry_of(const safetensors_file& file, const char* name, const char* dtype,
                             std::vector<std::uint64_t> wanted) {
  const auto found = file.tensors().find(name);
  if (found == file.tensors().end())
    throw golden_error(std::string("has no tensor '") + name + "'");
  const auto& entry = found->second;
  const auto count = entry.shape.empty() ? 0 : entry.shape.front();
  wanted.insert(wanted.begin(), count);
  if (entry.dtype != dtype || entry.shape != wanted || count < 1 || count > most_images) {
    tensor_entry form{dtype, std::move(wanted)};
    form.shape.front() = std::clamp<std::uint64_t>(count, 1, most_images);
    throw golden_error(std::string("has the tensor '") + name + "' as " + text_of(entry) +
                       " and it must be, for example, " + text_of(form));
  }
  return entry;
}

void check_vector(std::size_t number, std::span<const float> row) {
  double square = 0;
  for (const float value : row)
    square += static_cast<double>(value) * value;
  if (!(std::abs(std::sqrt(square) - 1) <= most_norm_difference)) // so that NaN fails as well
    throw golden_error("has a vector for image " + std::to_string(number) + " whose length is " +
                       std::to_string(std::sqrt(square)) + " and not 1");
}

golden_set checked(const safetensors_file& file, const model_identity& identity) {
  const std::uint64_t side = identity.image.crop;
  const auto& images = entry_of(file, "images", "U8", {side, side, 3});
  const auto& vectors = entry_of(file, "vectors", "F32", {identity.dim});
  if (images.shape.front() != vectors.shape.front())
    throw golden_error("has " + std::to_string(images.shape.front()) + " images and " +
                       std::to_string(vectors.shape.front()) + " vectors");
  golden_set set;
  set.dim = identity.dim;
  set.images.resize(images.shape.front());
  const auto image_bytes = side * side * 3;
  for (std::size_t i = 0; i < set.images.size(); ++i) {
    auto& image = set.images[i];
    image.path = golden_name(i);
    image.width = image.height = identity.image.crop;
    image.pixels.resize(image_bytes);
    std::memcpy(image.pixels.data(), file.bytes(images).data() + i * image_bytes, image_bytes);
  }
  set.vectors.resize(set.images.size() * set.dim);
  std::memcpy(set.vectors.data(), file.bytes(vectors).data(), set.vectors.size() * sizeof(float));
  for (std::size_t i = 0; i < set.images.size(); ++i)
    check_vector(i, std::span(set.vectors).subspan(i * set.dim, set.dim));
  return set;
}

std::string text_of(const std::array<float, 3>& channels) {
  return nlohmann::json(channels).dump();
}

} // namespace

std::string golden_file_of(const golden_set& set, const model_identity& identity) {
  const std::uint64_t side = identity.image.crop;
  const auto image_bytes = set.images.size() * side * side * 3;
  const auto vector_bytes = set.vectors.size() * sizeof(float);
  const nlohmann::ordered_json header{
      {"__metadata__",
       {{"weights_sha256", identity.weights_sha256},
        {"mean", text_of(identity.image.mean)},
        {"deviation", text_of(identity.image.deviation)}}},
      {"vectors",
       {{"dtype", "F32"}, {"shape", {set.images.size(), set.dim}}, {"data_offsets", {0, vector_bytes}}}},
      {"images",
       {{"dtype", "U8"},
        {"shape", {set.images.size(), side, side, 3}},
        {"data_offsets", {vector_bytes, vector_bytes + image_bytes}}}}};
  auto text = header.dump();
  text.resize((text.size() + 7) / 8 * 8, ' '); // as its writers align the data
  std::string file;
  for (unsigned shift = 0; shift < 64; shift += 8)
    file += static_cast<char>(std::uint64_t{text.size()} >> shift);
  file += text;
  file.append(reinterpret_cast<const char*>(set.vectors.data()), vector_bytes);
  for (const auto& image : set.images)
    file.append(reinterpret_cast<const char*>(image.pixels.data()), image.pixels.size());
  return file;
}

result<std::optional<golden_set>> read_golden_set(const std::filesystem::path& folder,
                                                  const model_identity& identity) {
  constexpr auto* remedy = "make it again (ops/setup does for the default model), or remove it: then the "
                           "reference is computed at every start";
  const auto path = folder / "golden.safetensors";
  std::error_code error;
  if (std::filesystem::symlink_status(path, error).type() == std::filesystem::file_type::not_found)
    return std::nullopt;
  const auto config = read_model_config(folder);
  if (!config)
    return tl::unexpected(config.error());
  const auto file = safetensors_file::open(path);
  if (!file)
    return fail(failure_kind::model_invalid, file.error().cause, remedy);
  try {
    check_origin(*file, identity, config->golden_sha256);
    return checked(*file, identity);
  } catch (const golden_error& wrong) {
    return fail(failure_kind::model_invalid, path.string() + " " + wrong.what(), remedy);
  }
}

} // namespace trainyard
