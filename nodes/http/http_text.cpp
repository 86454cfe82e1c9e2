// Headers by name.
#include "nodes/http/http_text.hpp"

#include <algorithm>

namespace trainyard {
namespace {

char lower(char each) {
  return each >= 'A' && each <= 'Z' ? static_cast<char>(each - 'A' + 'a') : each;
}

} // namespace

bool equal_but_for_case(std::string_view left, std::string_view right) {
  return std::ranges::equal(left, right, {}, lower, lower);
}

std::size_t headers_named(const http_request& of, std::string_view name) {
  return static_cast<std::size_t>(std::ranges::count_if(
      of.headers, [&](const auto& each) { return equal_but_for_case(each.first, name); }));
}

std::optional<std::string_view> header_of(const http_request& of, std::string_view name) {
  if (headers_named(of, name) != 1)
    return std::nullopt;
  return std::ranges::find_if(of.headers,
                              [&](const auto& each) { return equal_but_for_case(each.first, name); })
      ->second;
}

} // namespace trainyard
