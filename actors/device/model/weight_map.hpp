// The weights of one architecture by name, after every tensor was found to be what the architecture wants.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "actors/device/model/safetensors.hpp"
#include "messages/failure.hpp"

namespace at {
class Tensor;
}

namespace trainyard {

/// What an architecture wants, in its own order.
struct tensor_rule {
  std::string name;
  std::vector<std::uint64_t> shape;
};

/// Names, shapes and types only: missing, extra (num_batches_tracked is let through), mis-shaped, not F32.
[[nodiscard]] result<void> check_tensors(const tensor_table& table, const std::vector<tensor_rule>& wanted);

/// CPU tensors in fp32, copied out of the file.
class weight_map {
public:
  /// check_tensors, then the values: not finite or all zero is refused by name.
  [[nodiscard]] static result<weight_map> load(const safetensors_file& file,
                                               const std::vector<tensor_rule>& wanted);
  weight_map(weight_map&&) noexcept;
  weight_map& operator=(weight_map&&) noexcept;
  ~weight_map();

  /// Throws std::out_of_range for a name that no rule had.
  [[nodiscard]] const at::Tensor& at(std::string_view name) const;

private:
  struct storage;
  explicit weight_map(std::unique_ptr<storage> tensors);
  std::unique_ptr<storage> tensors_;
};

} // namespace trainyard
