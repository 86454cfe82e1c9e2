// What a text tower knows of a tokenizer: a text in, the ids of its tokens out.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "messages/failure.hpp"

namespace trainyard {

struct token_sequence {
  std::vector<std::int64_t> ids; ///< as the tower takes them: with the marks around the text, and padding
  std::size_t text_tokens = 0;   ///< of the whole text, without marks and padding
  std::size_t kept_tokens = 0;   ///< of those, how many are in ids: fewer when the text is too long
};

/// Immutable; any thread.
class text_tokenizer {
public:
  virtual ~text_tokenizer() = default;
  /// usage for what is no UTF-8 or longer than most_text_bytes. An empty text is a text.
  [[nodiscard]] virtual result<token_sequence> tokenize(std::string_view text) const = 0;
  /// Ids are below it.
  [[nodiscard]] virtual std::size_t vocabulary() const noexcept = 0;
  /// Of the mark at a text's end.
  [[nodiscard]] virtual std::int64_t end_id() const noexcept = 0;
};

/// A thousand times what a tower reads; what is longer is no query, and would cost time for nothing.
inline constexpr std::size_t most_text_bytes = 65'536;

/// What every tokenizer refuses: the failure, or nothing.
[[nodiscard]] result<void> check_text(std::string_view text);

} // namespace trainyard
