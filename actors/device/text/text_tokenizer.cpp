// What is no text, for any tokenizer.
#include "actors/device/text/text_tokenizer.hpp"

#include "actors/device/text/unicode.hpp"

namespace trainyard {

result<void> check_text(std::string_view text) {
  if (text.size() > most_text_bytes)
    return fail(failure_kind::usage,
                "a text of " + std::to_string(text.size()) + " bytes is longer than " +
                    std::to_string(most_text_bytes),
                "give a sentence; a tower reads some dozens of words");
  if (const auto wrong = first_wrong_byte(text))
    return fail(failure_kind::usage,
                "the text is not UTF-8: its byte " + std::to_string(*wrong + 1) + " begins no character",
                "give it in UTF-8");
  return {};
}

} // namespace trainyard
