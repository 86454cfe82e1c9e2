// JSON under the limits of the codecs.
#include "nodes/gateway/request_bodies.hpp"

#include <algorithm>
#include <span>

#include "messages/http_failure.hpp"
#include "messages/json_codec.hpp"
#include "messages/subjects.hpp"

namespace trainyard {
namespace {

struct login_request {
  std::string token;
  static constexpr auto fields() { return std::tuple{required("token", &login_request::token)}; }
};

result<void> check_tokens(const session_spec& spec) {
  for (const auto& [name, value] : {std::pair("session_id", &spec.session_id), std::pair("root", &spec.root)})
    if (*value && !is_token(**value))
      return fail(kind_of(http_failure::request_invalid), std::string(name) + " is '" + **value + "'",
                  "use 1 to 64 of letters, digits, - and _");
  if (spec.schema != wire_schema)
    return fail(kind_of(http_failure::request_invalid), "schema is " + std::to_string(spec.schema),
                "leave it out: it is " + std::to_string(wire_schema));
  if (spec.training_directory.empty())
    return fail(kind_of(http_failure::request_invalid), "training_directory is empty",
                "name a folder; \".\" is the root itself");
  return {};
}

} // namespace

result<session_spec> new_session_of(std::string_view body) {
  auto parsed = parse_json_limited(body);
  if (!parsed)
    return tl::unexpected(parsed.error());
  parsed->emplace("schema", wire_schema);
  const auto whole = parsed->dump();
  auto spec = from_json_text<session_spec>(std::as_bytes(std::span(whole)));
  if (!spec)
    return tl::unexpected(spec.error());
  if (const auto good = check_tokens(*spec); !good)
    return tl::unexpected(good.error());
  return spec;
}

result<std::string> token_of(std::string_view body) {
  auto asked = from_json_text<login_request>(std::as_bytes(std::span(body)));
  if (!asked)
    return tl::unexpected(asked.error());
  return std::move(asked->token);
}

result<void> expect_empty(std::string_view body) {
  if (body.empty())
    return {};
  const auto parsed = parse_json_limited(body);
  if (!parsed)
    return tl::unexpected(parsed.error());
  if (!parsed->empty())
    return fail(kind_of(http_failure::request_invalid), "the body has members, and none is wanted",
                "send {}");
  return {};
}

bool is_choice(std::string_view choices, std::string_view value) {
  while (!choices.empty()) {
    const auto end = std::min(choices.find('|'), choices.size());
    if (choices.substr(0, end) == value)
      return true;
    choices.remove_prefix(std::min(end + 1, choices.size()));
  }
  return false;
}

} // namespace trainyard
