// The architecture: stem, sixteen inverted bottlenecks in seven stages, head. Batch norm is folded into the
// convolutions at load, in double precision.
#include "actors/device/model/efficientnet_lite0.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>

#include <ATen/TensorOperators.h>
#include <ATen/core/Tensor.h>
#include <ATen/ops/cosine_similarity.h>
#include <ATen/ops/linear.h>

#include "actors/device/memory/torch_device.hpp"
#include "actors/device/model/convolution.hpp"
#include "actors/device/model/scalar_type.hpp"

namespace trainyard {
namespace {

constexpr std::uint64_t stem_channels = 32;
constexpr double batch_norm_epsilon = 1e-3;

struct stage_of_blocks {
  int repeats;
  std::uint64_t kernel;
  std::uint64_t stride;
  std::uint64_t expansion;
  std::uint64_t channels;
};
constexpr std::array<stage_of_blocks, 7> stages{{{1, 3, 1, 1, 16},
                                                 {2, 3, 2, 6, 24},
                                                 {2, 5, 2, 6, 40},
                                                 {3, 3, 2, 6, 80},
                                                 {3, 5, 1, 6, 112},
                                                 {4, 5, 2, 6, 192},
                                                 {1, 3, 1, 6, 320}}};

/// One convolution with its batch norm, as named in the weights file.
struct layer_rule {
  std::string weight;
  std::string norm;
  std::uint64_t in = 0;
  std::uint64_t out = 0;
  std::uint64_t kernel = 1;
  std::uint64_t stride = 1;
  bool depthwise = false;
  bool relu6 = true;
  bool opens_block = false; ///< its input is what the block's last layer may add
  bool adds_block_input = false;
};

void append_block(std::vector<layer_rule>& rules, int number, std::uint64_t in, const stage_of_blocks& stage,
                  std::uint64_t stride) {
  const auto block = "_blocks." + std::to_string(number) + ".";
  const auto wide = in * stage.expansion;
  const auto first = rules.size();
  if (stage.expansion != 1)
    rules.push_back({.weight = block + "_expand_conv", .norm = block + "_bn0", .in = in, .out = wide});
  rules.push_back({.weight = block + "_depthwise_conv",
                   .norm = block + "_bn1",
                   .in = wide,
                   .out = wide,
                   .kernel = stage.kernel,
                   .stride = stride,
                   .depthwise = true});
  rules.push_back({.weight = block + "_project_conv",
                   .norm = block + "_bn2",
                   .in = wide,
                   .out = stage.channels,
                   .relu6 = false,
                   .adds_block_input = stride == 1 && in == stage.channels});
  rules[first].opens_block = true;
}

std::vector<layer_rule> layer_rules() {
  std::vector<layer_rule> rules{
      {.weight = "_conv_stem", .norm = "_bn0", .in = 3, .out = stem_channels, .kernel = 3, .stride = 2}};
  std::uint64_t in = stem_channels;
  int number = 0;
  for (const auto& stage : stages)
    for (int repeat = 0; repeat < stage.repeats; ++repeat) {
      append_block(rules, number++, in, stage, repeat == 0 ? stage.stride : 1);
      in = stage.channels;
    }
  rules.push_back({.weight = "_conv_head", .norm = "_bn1", .in = in, .out = efficientnet_lite0::dim});
  return rules;
}

struct same_padding {
  std::int64_t before;
  std::int64_t after;
  std::int64_t output;
};

/// TensorFlow's "same": the output has ceil(side / stride), and an odd pixel of padding goes behind.
same_padding padding_of(std::int64_t side, std::int64_t kernel, std::int64_t stride) {
  const auto output = (side + stride - 1) / stride;
  const auto total = std::max<std::int64_t>(0, (output - 1) * stride + kernel - side);
  return {total / 2, total - total / 2, output};
}

struct folded {
  at::Tensor weight;
  at::Tensor bias;
};

folded fold(const weight_map& weights, const layer_rule& rule) {
  const auto wide = [&](const char* part) { return weights.at(rule.norm + part).to(at::kDouble); };
  const auto scale = wide(".weight") / (wide(".running_var") + batch_norm_epsilon).sqrt();
  const auto weight = weights.at(rule.weight + ".weight").to(at::kDouble) * scale.view({-1, 1, 1, 1});
  const auto bias = wide(".bias") - wide(".running_mean") * scale;
  if (!weight.isfinite().all().item<bool>() || !bias.isfinite().all().item<bool>())
    throw std::invalid_argument("batch norm '" + rule.norm + "' has a variance that gives no finite scale");
  return {weight, bias};
}

pixel_frame frame_of(const network_placement& placement) {
  const auto around = padding_of(placement.image.crop, 3, 2);
  return {placement.device, placement.precision, placement.image, static_cast<std::uint32_t>(around.before),
          static_cast<std::uint32_t>(around.after)};
}

} // namespace

struct efficientnet_lite0::layers {
  struct layer {
    convolution run;
    bool opens_block;
    bool adds_block_input;
  };
  std::vector<layer> chain;
  at::Tensor class_weight;
  at::Tensor class_bias;

  layers(const weight_map& weights, const network_placement& placement, bool fused) {
    const auto options =
        at::TensorOptions(to_torch(placement.device)).dtype(scalar_type_of(placement.precision));
    std::int64_t side = placement.image.crop;
    for (const auto& rule : layer_rules()) {
      const auto padding =
          padding_of(side, static_cast<std::int64_t>(rule.kernel), static_cast<std::int64_t>(rule.stride));
      convolution_plan plan{.stride = static_cast<std::int64_t>(rule.stride),
                            .groups = rule.depthwise ? static_cast<std::int64_t>(rule.in) : 1,
                            .pad_before = padding.before,
                            .pad_after = padding.after,
                            .relu6 = rule.relu6,
                            .input_side = side,
                            .images = placement.images_per_pass};
      if (chain.empty()) { // the stem's padding comes with the pixels
        plan.input_side += padding.before + padding.after;
        plan.pad_before = plan.pad_after = 0;
      }
      const auto parts = fold(weights, rule);
      chain.push_back({convolution(plan, parts.weight.to(options), parts.bias.to(options), fused),
                       rule.opens_block, rule.adds_block_input});
      side = padding.output;
    }
    class_weight = weights.at("_fc.weight").to(to_torch(placement.device));
    class_bias = weights.at("_fc.bias").to(to_torch(placement.device));
  }
};

std::vector<tensor_rule> efficientnet_lite0::tensors() {
  std::vector<tensor_rule> rules;
  for (const auto& rule : layer_rules()) {
    rules.push_back(
        {rule.weight + ".weight", {rule.out, rule.depthwise ? 1 : rule.in, rule.kernel, rule.kernel}});
    for (const auto* part : {".weight", ".bias", ".running_mean", ".running_var"})
      rules.push_back({rule.norm + part, {rule.out}});
  }
  rules.push_back({"_fc.weight", {classes, dim}});
  rules.push_back({"_fc.bias", {classes}});
  return rules;
}

efficientnet_lite0::efficientnet_lite0(const weight_map& weights, const network_placement& placement)
    : input_(frame_of(placement)) {
  if (placement.fused && placement.device.is_cpu() && fused_convolutions_exist())
    fused_ = use_fused(weights, placement);
  if (!fused_)
    layers_ = std::make_shared<const layers>(weights, placement, false);
}

at::Tensor efficientnet_lite0::upload(std::span<const prepared_image> images, std::size_t rows) const {
  return input_.upload(images, rows);
}

at::Tensor efficientnet_lite0::features(const at::Tensor& pixels) const {
  at::Tensor x = pixels;
  at::Tensor block_input;
  for (const auto& layer : layers_->chain) {
    if (layer.opens_block)
      block_input = x;
    x = layer.adds_block_input ? layer.run.run_onto(block_input, x) : layer.run.run(x);
  }
  return x.mean({2, 3}, /*keepdim=*/false, at::kFloat);
}

at::Tensor efficientnet_lite0::classify(const at::Tensor& pooled) const {
  return at::linear(pooled, layers_->class_weight, layers_->class_bias);
}

/// The fused operators are private to LibTorch: their results are held against the public ones, once per
/// load.
bool efficientnet_lite0::use_fused(const weight_map& weights, const network_placement& placement) {
  prepared_image image;
  image.pixels.resize(std::size_t{3} * placement.image.crop * placement.image.crop);
  for (std::size_t i = 0; i < image.pixels.size(); ++i)
    image.pixels[i] = static_cast<std::uint8_t>((i * 2654435761U) >> 13);
  try {
    const auto pixels = input_.upload({&image, 1}, 1);
    layers_ = std::make_shared<const layers>(weights, placement, false);
    const auto plain = features(pixels);
    layers_ = std::make_shared<const layers>(weights, placement, true);
    const auto least = placement.precision == "fp32" ? 0.99999 : 0.999;
    return at::cosine_similarity(features(pixels), plain, 1).item<double>() >= least;
  } catch (const std::exception&) {
    return false; // a processor without this precision in oneDNN: the plain kernels decide
  }
}

} // namespace trainyard
