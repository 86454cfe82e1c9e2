// A pull-free parse: the handler knows at every moment which one thing may come next, and stops at any other.
#include "actors/device/model/safetensors_header.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <utility>

#include <nlohmann/json.hpp>

namespace trainyard {
namespace {

constexpr std::string_view metadata_key = "__metadata__";

class header_handler : public nlohmann::json_sax<nlohmann::json> {
public:
  bool null() override { return refuse("holds null"); }
  bool boolean(bool) override { return refuse("holds a boolean"); }
  bool number_integer(number_integer_t value) override {
    return refuse("holds the negative number " + std::to_string(value));
  }
  bool number_float(number_float_t, const string_t& text) override {
    return refuse("holds " + in_quotes(text) + ", which is no integer below 2^64");
  }
  bool binary(binary_t&) override { return refuse("holds binary data"); }
  bool number_unsigned(number_unsigned_t value) override {
    if (place_ == place::shape)
      entry_.shape.push_back(value);
    else if (place_ == place::offsets && offsets_ < 2)
      (offsets_++ == 0 ? entry_.begin : entry_.end) = value;
    else
      return refuse(place_ == place::offsets ? "has more than two data_offsets"
                                             : "holds a number out of place");
    return true;
  }
  bool string(string_t& value) override {
    if (place_ == place::metadata)
      return contents.metadata.emplace(field_, value).second;
    if (place_ != place::tensor || field_ != "dtype")
      return refuse("holds the text " + in_quotes(value) + " out of place");
    entry_.dtype = value;
    return true;
  }
  bool key(string_t& name) override {
    auto& known = place_ == place::root ? names_ : fields_;
    if (place_ == place::root)
      name_ = name;
    if (!known.insert(name).second)
      return refuse("has the key " + in_quotes(name) + " twice");
    if (place_ == place::tensor && name != "dtype" && name != "shape" && name != "data_offsets")
      return refuse("has the unknown key " + in_quotes(name));
    field_ = name;
    return true;
  }
  bool start_object(std::size_t) override {
    fields_.clear();
    if (place_ == place::before)
      place_ = place::root;
    else if (place_ == place::root)
      place_ = name_ == metadata_key ? place::metadata : place::tensor;
    else
      return refuse("nests an object too deep");
    entry_ = {};
    offsets_ = 0;
    return true;
  }
  bool end_object() override {
    if (place_ == place::tensor) {
      if (fields_.size() != 3)
        return refuse("lacks one of dtype, shape, data_offsets");
      contents.tensors.emplace(name_, std::exchange(entry_, {}));
    }
    place_ = place_ == place::root ? place::before : place::root;
    return true;
  }
  bool start_array(std::size_t) override {
    if (place_ == place::tensor && field_ == "shape")
      place_ = place::shape;
    else if (place_ == place::tensor && field_ == "data_offsets")
      place_ = place::offsets;
    else
      return refuse("holds an array out of place");
    return true;
  }
  bool end_array() override {
    if (place_ == place::offsets && offsets_ != 2)
      return refuse("has fewer than two data_offsets");
    place_ = place::tensor;
    return true;
  }
  bool parse_error(std::size_t at, const std::string&, const nlohmann::detail::exception&) override {
    problem = "header is not JSON in UTF-8 (near its byte " + std::to_string(at) + ")";
    return false;
  }

  safetensors_contents contents;
  std::string problem;

private:
  enum class place { before, root, metadata, tensor, shape, offsets };

  bool refuse(const std::string& why) {
    const bool inside = place_ != place::before && place_ != place::root;
    problem = (inside ? "tensor " + in_quotes(name_) + " " : "header ") + why;
    if (place_ == place::root && !name_.empty())
      problem += " (at " + in_quotes(name_) + ")";
    return false;
  }

  place place_ = place::before;
  std::string name_;
  std::string field_;
  std::set<std::string> names_;
  std::set<std::string> fields_;
  tensor_entry entry_;
  int offsets_ = 0;
};

} // namespace

std::string in_quotes(std::string_view name) {
  std::size_t length = std::min<std::size_t>(name.size(), 80);
  while (length > 0 && length < name.size() && (static_cast<unsigned char>(name[length]) & 0xC0U) == 0x80U)
    --length; // not within a character: the text goes into JSON
  std::string text(name.substr(0, length));
  std::ranges::replace_if(
      text, [](unsigned char byte) { return byte < 0x20 || byte == 0x7F; }, '?');
  return "'" + text + (name.size() > length ? "...'" : "'");
}

std::uint64_t element_bytes(std::string_view dtype) noexcept {
  constexpr std::array<std::pair<std::string_view, std::uint64_t>, 17> sizes{{{"BOOL", 1},
                                                                              {"U8", 1},
                                                                              {"I8", 1},
                                                                              {"F8_E5M2", 1},
                                                                              {"F8_E4M3", 1},
                                                                              {"F8_E8M0", 1},
                                                                              {"I16", 2},
                                                                              {"U16", 2},
                                                                              {"F16", 2},
                                                                              {"BF16", 2},
                                                                              {"I32", 4},
                                                                              {"U32", 4},
                                                                              {"F32", 4},
                                                                              {"F64", 8},
                                                                              {"I64", 8},
                                                                              {"U64", 8},
                                                                              {"C64", 8}}};
  const auto* found = std::ranges::find(sizes, dtype, &std::pair<std::string_view, std::uint64_t>::first);
  return found == sizes.end() ? 0 : found->second;
}

result<safetensors_contents> parse_safetensors_header(std::string_view json) {
  if (json.empty() || json.front() != '{')
    return refuse_tensors("header does not start with '{'");
  if (json.find('\0') != std::string_view::npos) // which the JSON library takes for the end of its input
    return refuse_tensors("header is not JSON: it holds a zero byte");
  header_handler handler;
  if (!nlohmann::json::sax_parse(json.begin(), json.end(), &handler) || !handler.problem.empty())
    return refuse_tensors(handler.problem.empty() ? "header is not JSON" : handler.problem);
  return std::move(handler.contents);
}

} // namespace trainyard
