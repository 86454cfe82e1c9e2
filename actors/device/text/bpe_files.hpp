// A model folder's vocabulary and merges: vocab.json with merges.txt, or tokenizer.json. Files of others.
#pragma once

#include <filesystem>

#include "actors/device/text/byte_pairs.hpp"
#include "messages/failure.hpp"

namespace trainyard {

/// No vocabulary has more: several times what any model has.
inline constexpr std::size_t most_tokens = 1U << 20;

struct bpe_files {
  std::filesystem::path vocabulary_file; ///< which of the two forms it was, for messages
  bpe_vocabulary vocabulary;
};

/// model_missing when the folder has neither form; model_invalid, with the file's name, for one that is no
/// regular file, too large, not JSON, of another kind of tokenizer, or has ids that are not 0 to n - 1, each
/// once. That merges have tokens is for byte_pairs::make to say.
[[nodiscard]] result<bpe_files> read_bpe_files(const std::filesystem::path& folder);

} // namespace trainyard
