// The OpenAPI 3.1 document: the table of routes, and the schemas that the codecs give.
#pragma once

#include <string_view>

#include <nlohmann/json.hpp>

namespace trainyard {

[[nodiscard]] nlohmann::ordered_json openapi_document(std::string_view version);

} // namespace trainyard
