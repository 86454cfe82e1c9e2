// The words that CLIP's tokenizer encodes one by one.
#pragma once

#include <string_view>
#include <vector>

namespace trainyard {

/// Runs of letters, single numbers, runs of anything else but white space, and English contractions ('s, 't,
/// 're, 've, 'm, 'll, 'd); white space only divides. Views into `text`, which is in small letters.
[[nodiscard]] std::vector<std::u32string_view> clip_words(std::u32string_view text);

} // namespace trainyard
