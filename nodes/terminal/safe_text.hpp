// Text from outside made harmless for a terminal, and measured in columns.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace trainyard {

/// Bytes that are not UTF-8 and control characters (C0, DEL, C1, and the marks that turn the direction of
/// writing) as \xHH or \uHHHH; '\n' stays when `keep_newlines`.
[[nodiscard]] std::string safe_text(std::string_view raw, bool keep_newlines = false);
/// Columns that `text` takes, one per code point: exact for what trainyard writes itself.
[[nodiscard]] std::size_t columns_of_text(std::string_view text);
/// At most `columns` wide, its end cut off.
[[nodiscard]] std::string cut_to(std::string text, std::size_t columns);

} // namespace trainyard
