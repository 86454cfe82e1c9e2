// trainyard(1), made from the tables of commands and options.
#pragma once

#include <string>
#include <string_view>

namespace trainyard {

/// In the man macros, for man, groff and mandoc.
[[nodiscard]] std::string manual_page(std::string_view version);
/// `raw` as roff prints it: no letter of it is a request or an escape.
[[nodiscard]] std::string roff_text(std::string_view raw);

} // namespace trainyard
