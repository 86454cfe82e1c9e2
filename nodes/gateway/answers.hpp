// Answers of the usual kinds, and the one that says "you have it already".
#pragma once

#include <string>

#include "nodes/gateway/dashboard_files.hpp"
#include "nodes/http/http_text.hpp"

namespace trainyard {

[[nodiscard]] http_answer json_answer(int status, std::string body);
[[nodiscard]] http_answer text_answer(int status, std::string body);
[[nodiscard]] http_answer file_answer(const dashboard_file& file);
/// With an ETag; 304 without a body where the request's If-None-Match has the same one. Not for POST.
[[nodiscard]] http_answer unless_known(const http_request& asked, http_answer answer);

} // namespace trainyard
