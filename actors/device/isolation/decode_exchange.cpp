// Texts of bounded length, numbers within their range, and nothing else.
#include "actors/device/isolation/decode_exchange.hpp"

#include <algorithm>

#include "actors/device/image/image_limits.hpp"

namespace trainyard {
namespace {

bool ends_decoding(std::uint32_t kind) {
  switch (static_cast<failure_kind>(kind)) {
  case failure_kind::image_unsupported:
  case failure_kind::image_truncated:
  case failure_kind::image_corrupt:
  case failure_kind::image_too_many_pixels:
  case failure_kind::decoder_out_of_memory:
  case failure_kind::internal:
    return kind <= 0xffff;
  default:
    return false;
  }
}

} // namespace

void put_text(std::span<char> field, std::string_view text) {
  std::ranges::fill(field, '\0');
  std::copy_n(text.begin(), std::min(text.size(), field.size() - 1), field.begin());
}

std::string text_in(std::span<const char> field) {
  std::string text(field.begin(), std::ranges::find(field, '\0'));
  std::ranges::replace_if(
      text, [](char each) { return each < 0x20 || each > 0x7e; }, '?');
  return text;
}

decode_answer answer_of(std::uint64_t number, std::uint32_t width, std::uint32_t height) {
  decode_answer answer;
  answer.number = number;
  answer.width = width;
  answer.height = height;
  return answer;
}

decode_answer answer_of(std::uint64_t number, const failure& why) {
  decode_answer answer;
  answer.number = number;
  answer.kind = static_cast<std::uint32_t>(why.kind);
  put_text(answer.cause, why.cause);
  put_text(answer.remedy, why.remedy);
  return answer;
}

bool is_sound(const decode_answer& answer, const decode_request& request) {
  if (answer.number != request.number)
    return false;
  return answer.kind == 0 ? check_sides(answer.width, answer.height).has_value() : ends_decoding(answer.kind);
}

failure failure_in(const decode_answer& answer) {
  return {static_cast<failure_kind>(answer.kind), text_in(answer.cause), text_in(answer.remedy)};
}

} // namespace trainyard
