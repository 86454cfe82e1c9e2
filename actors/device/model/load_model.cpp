// Folder -> checked configuration and weights -> network on the device -> the model that a thread owns.
#include "actors/device/model/load_model.hpp"

#include <algorithm>

#include <c10/core/InferenceMode.h>

#include "actors/device/memory/exception_text.hpp"
#include "actors/device/memory/forward_threads.hpp"
#include "actors/device/memory/oom.hpp"
#include "actors/device/model/architectures.hpp"
#include "actors/device/model/efficientnet_lite0.hpp"
#include "actors/device/model/hub_cache.hpp"
#include "actors/device/model/model_config.hpp"
#include "actors/device/model/network_model.hpp"
#include "actors/disk/sha256.hpp"

namespace trainyard {
namespace {

struct model_files {
  const architecture* of = nullptr;
  model_config config;
  safetensors_file weights;
  model_identity identity;
};

result<const architecture*> architecture_of(const model_config& config) {
  const auto found = find_architecture(config.architecture);
  if (found && !config.tower && config.dim != efficientnet_lite0::dim)
    return fail(failure_kind::model_invalid,
                "dim is " + std::to_string(config.dim) + " and efficientnet-lite0 has " +
                    std::to_string(efficientnet_lite0::dim),
                "correct config.json");
  if (found && !config.tower && config.architecture != "efficientnet-lite0")
    return fail(failure_kind::model_invalid,
                "architecture '" + config.architecture + "' is given without its geometry",
                "use the config.json that transformers wrote");
  return found;
}

/// The folder's name; in Hugging Face's cache ORG--NAME, which a queue's subject can hold.
std::string name_of(const std::filesystem::path& folder) {
  auto tidy = folder.lexically_normal();
  if (!tidy.has_filename())
    tidy = tidy.parent_path();
  auto repository = repository_of_snapshot(tidy);
  if (repository.empty())
    return tidy.filename().string();
  const auto slash = repository.find('/');
  return slash == std::string::npos ? repository : repository.replace(slash, 1, "--");
}

/// What is there instead of one file of weights, where that is missing.
result<safetensors_file> open_weights(const std::filesystem::path& folder, const std::string& name) {
  auto weights = safetensors_file::open(folder / name);
  if (weights || weights.error().kind != failure_kind::model_missing)
    return weights;
  std::error_code error;
  const auto has = [&](const char* other) { return std::filesystem::exists(folder / other, error); };
  if (has("model.safetensors.index.json"))
    return fail(failure_kind::model_missing,
                folder.string() + " has its weights in several files (model.safetensors.index.json)",
                "save the model again as one " + name);
  if (has("pytorch_model.bin") || has("open_clip_pytorch_model.bin"))
    return fail(failure_kind::model_missing,
                folder.string() + " has no " + name + ", only a PyTorch pickle, which can run code",
                "convert it to safetensors where you trust it");
  return weights;
}

std::vector<std::string> other_parts_of(const model_config& config) {
  return config.tower ? config.tower->other_parts : std::vector<std::string>();
}

result<model_files> read_files(const std::filesystem::path& folder) {
  auto config = read_model_config(folder);
  if (!config)
    return tl::unexpected(config.error());
  const auto of = architecture_of(*config);
  if (!of)
    return tl::unexpected(of.error());
  auto weights = open_weights(folder, config->weights_file);
  if (!weights)
    return tl::unexpected(weights.error());
  if (auto good = check_tensors(weights->tensors(), (*of)->tensors(*config), other_parts_of(*config)); !good)
    return tl::unexpected(good.error());
  const auto sha256 = hex_sha256_of(weights->whole());
  if (!config->sha256.empty() && config->sha256 != sha256)
    return fail(failure_kind::model_invalid,
                (folder / config->weights_file).string() + " has SHA-256 " + sha256 +
                    " and config.json says " + config->sha256.substr(0, 64),
                "download or convert the model again");
  model_identity identity{.name = name_of(folder),
                          .space_id = space_id_of(*config, sha256),
                          .dim = config->dim,
                          .precision = "fp32",
                          .image = config->image,
                          .weights_sha256 = sha256};
  return model_files{*of, std::move(*config), std::move(*weights), std::move(identity)};
}

std::uint32_t images_per_pass_of(const model_files& files, const device_spec& device,
                                 std::uint32_t max_micro_batch) {
  return device.is_cpu() ? std::min(max_micro_batch, files.of->cpu_images_per_pass) : max_micro_batch;
}

result<std::string> resolve_precision(const std::string& asked) {
  if (asked == "auto")
    return std::string("fp32"); // in bf16 this network's worst cosine to fp32 is 0.996: not the same space
  if (asked == "fp32" || asked == "bf16" || asked == "fp16")
    return asked;
  return fail(failure_kind::config_invalid, "precision '" + asked + "' is unknown",
              "use auto, fp32, bf16 or fp16");
}

result<std::shared_ptr<const network>> place(const model_files& files, const network_placement& placement) {
  auto weights =
      weight_map::load(files.weights, files.of->tensors(files.config), other_parts_of(files.config));
  if (!weights)
    return tl::unexpected(weights.error());
  return files.of->make(files.config, *weights, placement);
}

tl::unexpected<failure> refuse_device(const device_spec& device, const std::exception& error) {
  const auto cause = device.id + " cannot take the model: " + first_line(error);
  if (is_out_of_memory(error))
    return fail(failure_kind::device_out_of_memory, cause, "free memory on the device");
  return fail(failure_kind::device_unavailable, cause, "choose another device or precision fp32");
}

} // namespace

result<std::vector<std::unique_ptr<embedding_model>>> load_lanes(const std::filesystem::path& folder,
                                                                 const device_spec& device,
                                                                 const load_options& options,
                                                                 std::size_t lanes) {
  const auto precision = resolve_precision(options.precision);
  if (!precision)
    return tl::unexpected(precision.error());
  if (options.max_micro_batch == 0)
    return fail(failure_kind::config_invalid, "a micro-batch of 0 images", "use 1 or more");
  std::vector<std::unique_ptr<embedding_model>> models;
  try {
    auto files = read_files(folder);
    if (!files)
      return tl::unexpected(files.error());
    const auto per_pass = images_per_pass_of(*files, device, options.max_micro_batch);
    // Folding and the check of the kernels are many small steps: a team of threads would meet after each and,
    // beside busy decoders, spin there for seconds.
    set_forward_threads(1);
    const c10::InferenceMode inference;
    const auto placed = place(*files, {device, *precision, files->config.image, per_pass, options.fused});
    if (!placed)
      return tl::unexpected(placed.error());
    files->identity.precision = *precision;
    for (std::size_t i = 0; i < lanes; ++i)
      models.push_back(std::make_unique<network_model>(
          *placed, files->identity,
          network_use{device, options.max_micro_batch, per_pass, options.cpu_threads}));
  } catch (const std::invalid_argument& wrong) {
    return fail(failure_kind::model_invalid, wrong.what(), "download or convert the model again");
  } catch (const std::exception& error) {
    return refuse_device(device, error);
  }
  return models;
}

result<std::unique_ptr<embedding_model>> load_model(const std::filesystem::path& folder,
                                                    const device_spec& device, const load_options& options) {
  auto lanes = load_lanes(folder, device, options, 1);
  if (!lanes)
    return tl::unexpected(lanes.error());
  return std::move(lanes->front());
}

result<model_identity> describe_model(const std::filesystem::path& folder) {
  try {
    auto files = read_files(folder);
    if (!files)
      return tl::unexpected(files.error());
    return std::move(files->identity);
  } catch (const std::exception& error) {
    return fail(failure_kind::model_invalid, folder.string() + ": " + error.what(),
                "check the model's folder");
  }
}

} // namespace trainyard
