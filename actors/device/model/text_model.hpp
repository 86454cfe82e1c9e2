// What a search knows of a text tower: words in, a vector of the images' space out. Torch-free.
#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <string_view>
#include <vector>

#include "actors/device/model/embedding_model.hpp"
#include "messages/failure.hpp"

namespace trainyard {

struct text_vector {
  std::vector<float> numbers;  ///< identity().dim, of norm 1
  std::size_t text_tokens = 0; ///< of the whole text
  std::size_t kept_tokens = 0; ///< of those, how many the tower has read: fewer where the text is too long
};

/// The text half of a model on the CPU, in fp32: nobody has so many queries that it would pay to move it.
/// Moves, but is not copied; one thread at a time.
class text_model {
public:
  /// Blocks for reading and hashing the weights. The folder is checked as describe_model() does it, then its
  /// text half: configuration, tokenizer, and each tensor by name, shape and value. model_missing and
  /// model_invalid; device_out_of_memory where the weights do not fit.
  [[nodiscard]] static result<text_model> load(const std::filesystem::path& folder, int threads = 1);
  text_model(text_model&&) noexcept;
  text_model& operator=(text_model&&) noexcept;
  ~text_model();

  /// Of the whole model: texts and images share its space.
  [[nodiscard]] const model_identity& identity() const noexcept;
  /// Most tokens that it reads of a text, the marks around it included.
  [[nodiscard]] std::size_t context() const noexcept;
  /// usage for a text that is empty, blank, no UTF-8 or longer than most_text_bytes; vector_invalid and
  /// forward_failed as for images.
  [[nodiscard]] result<text_vector> embed(std::string_view text) const;

private:
  struct state;
  explicit text_model(std::unique_ptr<const state> made);
  std::unique_ptr<const state> state_;
};

} // namespace trainyard
