// Checks and copies weights: a file that passed the format's checks can still be the wrong or a broken
// network.
#include "actors/device/model/weight_map.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <stdexcept>

#include <ATen/core/Tensor.h>
#include <ATen/ops/empty.h>

#include "actors/device/model/safetensors_header.hpp"

namespace trainyard {

struct weight_map::storage {
  std::map<std::string, at::Tensor, std::less<>> by_name;
};

namespace {

tl::unexpected<failure> refuse_weights(const std::string& why) {
  return fail(failure_kind::model_invalid, why,
              "use the weights that belong to the architecture in config.json");
}

std::string shape_text(const std::vector<std::uint64_t>& shape) {
  std::string text = "[";
  for (std::size_t i = 0; i < shape.size() && i < 8; ++i)
    text += (i > 0 ? ", " : "") + std::to_string(shape[i]);
  return text + (shape.size() > 8 ? ", ...]" : "]");
}

result<void> check_values(const tensor_rule& rule, std::span<const float> values) {
  const auto& name = rule.name;
  if (!std::ranges::all_of(values, [](float value) { return std::isfinite(value); }))
    return refuse_weights("tensor " + in_quotes(name) + " holds a value that is not finite");
  if (!rule.may_be_zero && std::ranges::all_of(values, [](float value) { return value == 0; }))
    return refuse_weights("tensor " + in_quotes(name) + " is all zero");
  return {};
}

bool is_weight_type(std::string_view dtype) {
  return dtype == "F32" || dtype == "F16" || dtype == "BF16";
}

/// A copy first: in the file it may lie at any byte.
at::Tensor copy_of(const tensor_entry& entry, std::span<const std::byte> bytes) {
  const std::vector<std::int64_t> shape(entry.shape.begin(), entry.shape.end());
  const auto type = entry.dtype == "F16" ? at::kHalf : entry.dtype == "BF16" ? at::kBFloat16 : at::kFloat;
  auto tensor = at::empty(shape, at::TensorOptions(type));
  std::memcpy(tensor.mutable_data_ptr(), bytes.data(), bytes.size());
  return tensor.to(at::kFloat);
}

bool is_other_part(std::string_view name, const std::vector<std::string>& other_parts) {
  return name.ends_with("num_batches_tracked") || name.ends_with("position_ids") ||
         std::ranges::any_of(other_parts, [&](const auto& part) { return name.starts_with(part); });
}

} // namespace

result<void> check_tensors(const tensor_table& table, const std::vector<tensor_rule>& wanted,
                           const std::vector<std::string>& other_parts) {
  for (const auto& rule : wanted) {
    const auto found = table.find(rule.name);
    if (found == table.end())
      return refuse_weights("tensor " + in_quotes(rule.name) + " is missing");
    if (found->second.shape != rule.shape)
      return refuse_weights("tensor " + in_quotes(rule.name) + " has shape " +
                            shape_text(found->second.shape) + " and must have " + shape_text(rule.shape));
    if (!is_weight_type(found->second.dtype))
      return refuse_weights("tensor " + in_quotes(rule.name) + " is " + found->second.dtype +
                            " and must be F32, F16 or BF16");
  }
  for (const auto& [name, entry] : table)
    if (!is_other_part(name, other_parts) &&
        std::ranges::find(wanted, name, &tensor_rule::name) == wanted.end())
      return refuse_weights("tensor " + in_quotes(name) + " does not belong to the architecture");
  return {};
}

result<weight_map> weight_map::load(const safetensors_file& file, const std::vector<tensor_rule>& wanted,
                                    const std::vector<std::string>& other_parts) {
  if (auto good = check_tensors(file.tensors(), wanted, other_parts); !good)
    return tl::unexpected(good.error());
  auto tensors = std::make_unique<storage>();
  for (const auto& rule : wanted) {
    const auto& entry = file.tensors().find(rule.name)->second;
    auto tensor = copy_of(entry, file.bytes(entry));
    const std::span values(tensor.const_data_ptr<float>(), static_cast<std::size_t>(tensor.numel()));
    if (auto good = check_values(rule, values); !good)
      return tl::unexpected(good.error());
    tensors->by_name.emplace(rule.name, std::move(tensor));
  }
  return weight_map(std::move(tensors));
}

weight_map::weight_map(std::unique_ptr<storage> tensors) : tensors_(std::move(tensors)) {}
weight_map::weight_map(weight_map&&) noexcept = default;
weight_map& weight_map::operator=(weight_map&&) noexcept = default;
weight_map::~weight_map() = default;

const at::Tensor& weight_map::at(std::string_view name) const {
  const auto found = tensors_->by_name.find(name);
  if (found == tensors_->by_name.end())
    throw std::out_of_range("no weight is named " + std::string(name));
  return found->second;
}

} // namespace trainyard
