// A small reader for the one Python dict that numpy writes; nothing else passes.
#include "actors/search/npy_header.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

namespace trainyard {
namespace {

using refusal = tl::unexpected<std::string>;

class dict_text {
public:
  explicit dict_text(std::string_view text) : rest_(text) {}

  void skip_blanks() { rest_.remove_prefix(std::min(rest_.find_first_not_of(' '), rest_.size())); }

  bool take(std::string_view token) {
    skip_blanks();
    if (!rest_.starts_with(token))
      return false;
    rest_.remove_prefix(token.size());
    return true;
  }
  std::optional<std::string_view> quoted() {
    if (!take("'"))
      return std::nullopt;
    const auto end = rest_.find('\'');
    if (end == std::string_view::npos)
      return std::nullopt;
    const auto text = rest_.substr(0, end);
    rest_.remove_prefix(end + 1);
    return text;
  }
  std::optional<std::uint64_t> number() {
    skip_blanks();
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), value);
    if (error != std::errc())
      return std::nullopt;
    rest_.remove_prefix(static_cast<std::size_t>(end - rest_.data()));
    return value;
  }
  /// Blanks and the line's end, which numpy fills the header up with.
  [[nodiscard]] bool at_end() const { return rest_.find_first_not_of(" \n") == std::string_view::npos; }

private:
  std::string_view rest_;
};

/// The three entries, each exactly once, in any order.
struct entries {
  std::optional<std::string_view> descr;
  bool has_order = false;
  bool fortran = false;
  std::optional<std::pair<std::uint64_t, std::uint64_t>> shape;

  bool take_value(std::string_view key, dict_text& text) {
    if (key == "descr" && !descr)
      return (descr = text.quoted()).has_value();
    if (key == "fortran_order" && !has_order) {
      has_order = true;
      return (fortran = text.take("True")) || text.take("False");
    }
    if (key == "shape" && !shape)
      return take_shape(text);
    return false;
  }
  bool take_shape(dict_text& text) {
    if (!text.take("("))
      return false;
    const auto rows = text.number();
    if (!rows || !text.take(","))
      return false;
    const auto dim = text.number();
    if (!dim)
      return false;
    static_cast<void>(text.take(","));
    shape.emplace(*rows, *dim);
    return text.take(")");
  }
};

std::optional<entries> read_dict(std::string_view of) {
  dict_text text(of);
  entries found;
  if (!text.take("{"))
    return std::nullopt;
  while (!text.take("}")) {
    const auto key = text.quoted();
    if (!key || !text.take(":") || !found.take_value(*key, text))
      return std::nullopt;
    if (!text.take(",")) {
      if (!text.take("}"))
        return std::nullopt;
      break;
    }
  }
  const bool whole = found.descr && found.has_order && found.shape && text.at_end();
  return whole ? std::optional(found) : std::nullopt;
}

std::uint32_t little_endian(std::string_view bytes) {
  std::uint32_t value = 0;
  for (std::size_t i = bytes.size(); i-- > 0;)
    value = value << 8U | static_cast<unsigned char>(bytes[i]);
  return value;
}

tl::expected<npy_layout, std::string> layout_of(const entries& found, std::uint64_t offset,
                                                std::uint64_t file_bytes) {
  if (*found.descr != "<f2" && *found.descr != "<f4")
    return refusal("its numbers are not <f2 or <f4");
  if (found.fortran)
    return refusal("it is in Fortran order");
  const auto [rows, dim] = *found.shape;
  if (dim == 0 || dim > most_npy_dim)
    return refusal("its rows have " + std::to_string(dim) + " numbers, not 1 to " +
                   std::to_string(most_npy_dim));
  npy_layout layout{rows, static_cast<std::uint32_t>(dim),
                    *found.descr == "<f4" ? number_format::fp32 : number_format::fp16, offset};
  const auto body = file_bytes - offset;
  if (body / layout.row_bytes() != rows || body % layout.row_bytes() != 0)
    return refusal("it has " + std::to_string(body) + " bytes of numbers, and its header says " +
                   std::to_string(rows) + " rows of " + std::to_string(layout.row_bytes()));
  return layout;
}

} // namespace

tl::expected<npy_layout, std::string> read_npy_header(std::string_view start, std::uint64_t file_bytes) {
  static constexpr std::size_t version_end = 8; // magic and two digits
  if (!start.starts_with("\x93NUMPY") || start.size() < version_end + 4)
    return refusal("it is no .npy file");
  const auto major = static_cast<unsigned char>(start[6]);
  if (major < 1 || major > 2 || start[7] != 0)
    return refusal("its format is not 1.0 or 2.0");
  const std::size_t length_bytes = major == 1 ? 2 : 4;
  const std::uint64_t text_begin = version_end + length_bytes;
  const std::uint64_t offset = text_begin + little_endian(start.substr(version_end, length_bytes));
  if (offset > start.size() || offset > file_bytes || offset > most_npy_header_bytes)
    return refusal("its header of " + std::to_string(offset) + " bytes is cut off or too long");
  if (offset % 4 != 0)
    return refusal("its numbers begin at byte " + std::to_string(offset) + ", not a multiple of 4");
  const auto found = read_dict(start.substr(text_begin, offset - text_begin));
  if (!found)
    return refusal("its header does not read as descr, fortran_order and a shape of two sides");
  return layout_of(*found, offset, file_bytes);
}

} // namespace trainyard
