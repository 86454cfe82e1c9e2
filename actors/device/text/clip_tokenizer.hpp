// CLIP's tokenizer, equal to CLIPTokenizer of transformers: normal form C, small letters, byte-level pairs.
#pragma once

#include <filesystem>
#include <string>

#include "actors/device/text/byte_pairs.hpp"
#include "actors/device/text/text_tokenizer.hpp"

namespace trainyard {

class clip_tokenizer final : public text_tokenizer {
public:
  /// From the folder's vocab.json and merges.txt, or its tokenizer.json. `context` is how many tokens the
  /// tower takes, the two marks included. model_missing and model_invalid with the file's name.
  [[nodiscard]] static result<clip_tokenizer> read(const std::filesystem::path& folder, std::size_t context);

  /// "<|startoftext|>", the text, "<|endoftext|>"; of a text that is too long the beginning, and no padding.
  [[nodiscard]] result<token_sequence> tokenize(std::string_view text) const override;
  [[nodiscard]] std::size_t vocabulary() const noexcept override { return size_; }
  [[nodiscard]] std::int64_t end_id() const noexcept override { return end_; }

private:
  clip_tokenizer(byte_pairs pairs, std::size_t size, std::int64_t start, std::int64_t end,
                 std::size_t context)
      : pairs_(std::move(pairs)), size_(size), start_(start), end_(end), context_(context) {}
  void encode_part(std::string_view part, std::vector<std::int64_t>& ids) const;

  byte_pairs pairs_;
  std::size_t size_;
  std::int64_t start_;
  std::int64_t end_;
  std::size_t context_;
};

} // namespace trainyard
