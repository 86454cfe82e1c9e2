// Folder -> checked configuration and weights -> network on the device -> the model that a thread owns.
#include "actors/device/model/load_model.hpp"

#include <algorithm>

#include <c10/core/InferenceMode.h>

#include "actors/device/memory/exception_text.hpp"
#include "actors/device/memory/forward_threads.hpp"
#include "actors/device/memory/oom.hpp"
#include "actors/device/model/model_config.hpp"
#include "actors/device/model/network_model.hpp"
#include "actors/disk/sha256.hpp"

namespace trainyard {
namespace {

struct model_files {
  model_config config;
  safetensors_file weights;
  model_identity identity;
};

result<void> check_architecture(const model_config& config) {
  if (config.architecture != "efficientnet-lite0")
    return fail(failure_kind::model_invalid,
                "architecture '" + config.architecture.substr(0, 80) + "' is unknown",
                "known: efficientnet-lite0");
  if (config.dim != efficientnet_lite0::dim)
    return fail(failure_kind::model_invalid,
                "dim is " + std::to_string(config.dim) + " and efficientnet-lite0 has " +
                    std::to_string(efficientnet_lite0::dim),
                "correct config.json");
  return {};
}

std::string name_of(const std::filesystem::path& folder) {
  const auto tidy = folder.lexically_normal();
  return (tidy.has_filename() ? tidy : tidy.parent_path()).filename().string();
}

result<model_files> read_files(const std::filesystem::path& folder) {
  auto config = read_model_config(folder);
  if (!config)
    return tl::unexpected(config.error());
  if (auto good = check_architecture(*config); !good)
    return tl::unexpected(good.error());
  auto weights = safetensors_file::open(folder / "model.safetensors");
  if (!weights)
    return tl::unexpected(weights.error());
  if (auto good = check_tensors(weights->tensors(), efficientnet_lite0::tensors()); !good)
    return tl::unexpected(good.error());
  const auto sha256 = hex_sha256_of(weights->whole());
  if (!config->sha256.empty() && config->sha256 != sha256)
    return fail(failure_kind::model_invalid,
                (folder / "model.safetensors").string() + " has SHA-256 " + sha256 +
                    " and config.json says " + config->sha256.substr(0, 64),
                "download or convert the model again");
  model_identity identity{.name = name_of(folder),
                          .space_id = space_id_of(*config, sha256),
                          .dim = config->dim,
                          .precision = "fp32",
                          .image = config->image,
                          .weights_sha256 = sha256};
  return model_files{std::move(*config), std::move(*weights), std::move(identity)};
}

result<std::string> resolve_precision(const std::string& asked) {
  if (asked == "auto")
    return std::string("fp32"); // in bf16 this network's worst cosine to fp32 is 0.996: not the same space
  if (asked == "fp32" || asked == "bf16" || asked == "fp16")
    return asked;
  return fail(failure_kind::config_invalid, "precision '" + asked + "' is unknown",
              "use auto, fp32, bf16 or fp16");
}

result<std::shared_ptr<const efficientnet_lite0>> place(const model_files& files,
                                                        const network_placement& placement) {
  auto weights = weight_map::load(files.weights, efficientnet_lite0::tensors());
  if (!weights)
    return tl::unexpected(weights.error());
  return std::make_shared<const efficientnet_lite0>(*weights, placement);
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
    const auto per_pass =
        device.is_cpu() ? std::min(options.max_micro_batch, cpu_images_per_pass) : options.max_micro_batch;
    // Folding and the check of the kernels are many small steps: a team of threads would meet after each and,
    // beside busy decoders, spin there for seconds.
    set_forward_threads(1);
    const c10::InferenceMode inference;
    const auto network = place(*files, {device, *precision, files->config.image, per_pass, options.fused});
    if (!network)
      return tl::unexpected(network.error());
    files->identity.precision = *precision;
    for (std::size_t i = 0; i < lanes; ++i)
      models.push_back(std::make_unique<network_model>(
          *network, files->identity,
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
