// A file of a tokenizer, which came with somebody's model: read within bounds, refused in one form.
#pragma once

#include <filesystem>
#include <string>

#include "messages/failure.hpp"

namespace trainyard {

/// No file is larger: several times what any model has.
inline constexpr std::uintmax_t most_vocabulary_bytes = 32U << 20;

/// model_invalid for what is no regular file or larger than most_vocabulary_bytes.
[[nodiscard]] result<std::string> read_vocabulary_file(const std::filesystem::path& file);

/// model_invalid; `why` follows the file's name.
[[nodiscard]] tl::unexpected<failure> refuse_vocabulary(const std::filesystem::path& file,
                                                        const std::string& why);

} // namespace trainyard
