// Between two lines that begin with the boundary: headers, an empty line, the content.
#include "nodes/gateway/form_parts.hpp"

#include <optional>

#include "nodes/gateway/embedding_forms.hpp"
#include "nodes/http/http_text.hpp"

namespace trainyard {
namespace {

constexpr std::string_view line_end = "\r\n";

tl::unexpected<failure> invalid(std::string cause) {
  return invalid_request(std::move(cause), "send a form as multipart/form-data");
}

/// The value of `name` in "form-data; name=\"image\"; filename=\"a.jpg\"".
std::optional<std::string> parameter_of(std::string_view header, std::string_view name) {
  for (auto at = header.find(';'); at != header.npos; at = header.find(';', at)) {
    header.remove_prefix(at + 1);
    at = 0;
    while (header.starts_with(' ') || header.starts_with('\t'))
      header.remove_prefix(1);
    const auto equals = header.find('=');
    if (equals == header.npos || !equal_but_for_case(header.substr(0, equals), name))
      continue;
    auto value = header.substr(equals + 1);
    if (!value.starts_with('"'))
      return std::string(value.substr(0, value.find_first_of("; \t")));
    value.remove_prefix(1);
    const auto end = value.find('"');
    return end == value.npos ? std::nullopt : std::optional(std::string(value.substr(0, end)));
  }
  return std::nullopt;
}

/// Name and content of what stands between two boundaries.
std::optional<form_part> part_of(std::string_view text) {
  std::optional<std::string> name;
  while (!text.starts_with(line_end)) {
    const auto end = text.find(line_end);
    if (end == text.npos)
      return std::nullopt;
    const auto line = text.substr(0, end);
    const auto colon = line.find(':');
    if (colon != line.npos && equal_but_for_case(line.substr(0, colon), "Content-Disposition"))
      name = parameter_of(line.substr(colon + 1), "name");
    text.remove_prefix(end + line_end.size());
  }
  text.remove_prefix(line_end.size());
  if (!name || name->empty())
    return std::nullopt;
  return form_part{std::move(*name), text};
}

} // namespace

result<std::vector<form_part>> form_parts(std::string_view content_type, std::string_view body) {
  const auto boundary = parameter_of(content_type, "boundary");
  if (!boundary || boundary->empty() || boundary->size() > 70)
    return invalid("the form has no boundary of 1 to 70 characters");
  const auto first = "--" + *boundary;
  const auto between = std::string(line_end) + first;
  std::vector<form_part> parts;
  const bool at_once = body.starts_with(first);
  const auto at = at_once ? 0 : body.find(between);
  if (at == body.npos)
    return invalid("the form's boundary is nowhere in it");
  body.remove_prefix(at_once ? first.size() : at + between.size());
  while (!body.starts_with("--")) {
    const auto end = body.find(between);
    if (end == body.npos || !body.starts_with(line_end))
      return invalid("the form ends inside a part");
    auto part = part_of(body.substr(line_end.size(), end - line_end.size()));
    if (!part)
      return invalid("part " + std::to_string(parts.size()) + " of the form has no name");
    if (parts.size() == most_form_parts)
      return invalid("the form has more than " + std::to_string(most_form_parts) + " parts");
    parts.push_back(std::move(*part));
    body.remove_prefix(end + between.size());
  }
  return parts;
}

} // namespace trainyard
