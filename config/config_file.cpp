// toml++ behind a wall: its exceptions and its types end here.
#include "config/config_file.hpp"

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <optional>

#include <toml++/toml.h>

#include "config/parse_value.hpp"
#include "messages/failure.hpp"

namespace trainyard {
namespace {

constexpr std::size_t largest_file_bytes = 1024 * 1024;
// toml++ makes a table per dot and frees them recursively, so a line of dots would overflow the stack; our
// own keys have one dot, and no sane path has this many.
constexpr std::ptrdiff_t most_dots_in_a_line = 64;

std::optional<std::string> read_text(const std::filesystem::path& file, std::string& mistake) {
  std::error_code ignored;
  errno = 0;
  std::ifstream in(file, std::ios::binary);
  if (!in || std::filesystem::is_directory(file, ignored)) {
    mistake = std::filesystem::is_directory(file, ignored)
                  ? "is a folder, not a file"
                  : "cannot be read: " + errno_text(errno ? errno : EIO);
    return std::nullopt;
  }
  std::string text(largest_file_bytes + 1, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(in.gcount()));
  if (in.bad())
    mistake = "cannot be read to its end";
  else if (text.size() > largest_file_bytes)
    mistake = "is larger than 1 MiB, which no configuration is";
  return mistake.empty() ? std::optional(std::move(text)) : std::nullopt;
}

bool has_endless_key(std::string_view text) {
  while (!text.empty()) {
    const auto line = text.substr(0, text.find('\n'));
    const auto first = line.find_first_not_of(" \t");
    const bool is_comment = first != std::string_view::npos && line[first] == '#';
    if (!is_comment && std::ranges::count(line, '.') > most_dots_in_a_line)
      return true;
    text.remove_prefix(std::min(line.size() + 1, text.size()));
  }
  return false;
}

std::string_view kind_of(const toml::node& node) {
  if (node.is_table())
    return "a table";
  if (node.is_array())
    return "a list";
  if (node.is_string())
    return "a text";
  if (node.is_integer())
    return "a whole number";
  if (node.is_floating_point())
    return "a number";
  return node.is_boolean() ? "true or false" : "a date or time";
}

checked<option_value> list_of(const option& which, const toml::array& nodes) {
  std::vector<std::string> items;
  for (const auto& each : nodes) {
    const auto* text = each.as_string();
    if (!text)
      return tl::unexpected("holds " + std::string(kind_of(each)) + ", not texts only");
    items.push_back(text->get());
  }
  return check_list(which, std::move(items));
}

checked<option_value> value_of(const option& which, const toml::node& node) {
  using enum option_type;
  const bool numeric = which.type == integer || which.type == number || which.type == duration;
  if (const auto* items = node.as_array(); items && which.type == list)
    return list_of(which, *items);
  if (const auto* text = node.as_string()) {
    const bool is_text = which.type == option_type::text || which.type == path || which.type == choice;
    if (is_text)
      return check_text(which, text->get());
    if (which.type == duration || which.type == list || (which.automatic && text->get() == "auto"))
      return parse_value(which, text->get());
  }
  if (const auto* whole = node.as_integer(); whole && numeric)
    return check_number(which, static_cast<double>(whole->get()), std::to_string(whole->get()));
  if (const auto* real = node.as_floating_point(); real && (which.type == number || which.type == duration))
    return check_number(which, real->get(), std::to_string(real->get()));
  if (const auto* flag = node.as_boolean(); flag && which.type == boolean)
    return flag->get();
  return tl::unexpected("is " + std::string(kind_of(node)) + ", not " + expected_of(which));
}

class file_reader {
public:
  file_reader(const std::filesystem::path& file, source from) : file_(file.string()), from_(from) {}

  file_reading read(const toml::table& root) {
    for (const auto& [name, node] : root)
      visit(std::string(name.str()), name.source().begin.line, node);
    return std::move(reading_);
  }

private:
  void visit(const std::string& key, std::uint32_t line, const toml::node& node) {
    const auto* which = find_option(key);
    if (which)
      return take(*which, line, node);
    const auto* table = node.as_table();
    const bool is_section = table && key.find('.') == std::string::npos;
    if (!is_section || (table->empty() && !is_known_section(key)))
      return unknown(key, line);
    for (const auto& [name, inner] : *table)
      visit(key + "." + std::string(name.str()), name.source().begin.line, inner);
  }

  static bool is_known_section(std::string_view name) {
    for (const auto& each : options())
      if (each.key.substr(0, each.key.find('.')) == name)
        return true;
    return false;
  }

  void take(const option& which, std::uint32_t line, const toml::node& node) {
    auto value = value_of(which, node);
    const auto place = file_ + ":" + std::to_string(line);
    if (value)
      reading_.values.push_back({&which, std::move(*value), {from_, place}});
    else
      reading_.mistakes.push_back(place + ": " + std::string(which.key) + " " + value.error());
  }

  void unknown(const std::string& key, std::uint32_t line) {
    const auto near = nearest_key(key);
    reading_.mistakes.push_back(file_ + ":" + std::to_string(line) + ": '" + key + "' is no option" +
                                (near ? "; did you mean " + std::string(*near) + "?" : ""));
  }

  std::string file_;
  source from_;
  file_reading reading_;
};

} // namespace

file_reading read_config_file(const std::filesystem::path& file, source from) {
  std::string mistake;
  const auto text = read_text(file, mistake);
  if (!text)
    return {{}, {file.string() + " " + mistake}};
  if (has_endless_key(*text))
    return {{}, {file.string() + " holds a line of more than 64 dots, which no key of ours has"}};
  try {
    return file_reader(file, from).read(toml::parse(*text, file.string()));
  } catch (const toml::parse_error& error) {
    return {{},
            {file.string() + ":" + std::to_string(error.source().begin.line) + ": " +
             std::string(error.description())}};
  }
}

} // namespace trainyard
