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
  bool may_be_zero = false; ///< a bias, which training may have left where it began
};

/// Names, shapes and types only: missing, extra, mis-shaped, not F32, F16 or BF16. Let through are the
/// counters and indices that Python keeps beside weights, and what begins as one of `other_parts`.
[[nodiscard]] result<void> check_tensors(const tensor_table& table, const std::vector<tensor_rule>& wanted,
                                         const std::vector<std::string>& other_parts = {});

/// CPU tensors in fp32, copied out of the file, which may hold them in half precision.
class weight_map {
public:
  /// check_tensors, then the values: not finite or, but for biases, all zero is refused by name.
  [[nodiscard]] static result<weight_map> load(const safetensors_file& file,
                                               const std::vector<tensor_rule>& wanted,
                                               const std::vector<std::string>& other_parts = {});
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
