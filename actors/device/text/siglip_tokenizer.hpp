// SigLIP's tokenizer, equal to SiglipTokenizer of transformers: small letters, no punctuation, SentencePiece.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "actors/device/text/text_tokenizer.hpp"

namespace trainyard {

class siglip_tokenizer final : public text_tokenizer {
public:
  /// From the folder's spiece.model, and the padding token of its tokenizer_config.json where that names one.
  /// Texts are padded to `context` tokens. model_missing and model_invalid with the file's name.
  [[nodiscard]] static result<siglip_tokenizer> read(const std::filesystem::path& folder,
                                                     std::size_t context);
  siglip_tokenizer(siglip_tokenizer&&) noexcept;
  ~siglip_tokenizer() override;

  /// The text, "</s>" and padding: always `context` ids.
  [[nodiscard]] result<token_sequence> tokenize(std::string_view text) const override;
  [[nodiscard]] std::size_t vocabulary() const noexcept override;
  [[nodiscard]] std::int64_t end_id() const noexcept override;

private:
  struct state;
  explicit siglip_tokenizer(std::unique_ptr<const state> made);
  std::unique_ptr<const state> state_;
};

/// What is left of a part of a text before it goes to SentencePiece: small letters, no ASCII punctuation,
/// single blanks between words and none around them. REQUIRES: valid UTF-8.
[[nodiscard]] std::string canonical_text(std::string_view part);

} // namespace trainyard
