// Every source in its order, weakest first; a later value overrides, a mistake anywhere is told.
#include "config/load.hpp"

#include <algorithm>
#include <vector>

#include "config/config_file.hpp"
#include "config/edit_distance.hpp"
#include "config/parse_value.hpp"

extern char** environ; // POSIX, declared by no header on macOS

namespace trainyard {
namespace {

constexpr std::string_view prefix = "TRAINYARD_";
constexpr std::string_view config_variable = "TRAINYARD_CONFIG";

/// Empty counts as not set: it is how compose files and shells pass a variable that nobody filled.
const std::string* set_in(const environment& variables, std::string_view name) {
  const auto found = variables.find(name);
  return found == variables.end() || found->second.empty() ? nullptr : &found->second;
}

class loader {
public:
  explicit loader(const load_request& request) : request_(request) {}

  result<settings> load() {
    take_files();
    take_environment();
    take_flags();
    warn_of_unknown_variables();
    if (mistakes_.empty())
      return std::move(settings_);
    return tl::unexpected(failure_of_mistakes());
  }

private:
  void take_files() {
    std::error_code unreadable;
    if (const auto file = user_config_file(request_.variables)) {
      const auto status = std::filesystem::status(*file, unreadable);
      if (std::filesystem::exists(status) || status.type() == std::filesystem::file_type::unknown)
        take_file(*file, source::user_file);
    }
    const auto* from_environment = set_in(request_.variables, config_variable);
    if (request_.config_file)
      take_file(*request_.config_file, source::config_file);
    else if (from_environment)
      take_file(*from_environment, source::config_file);
  }

  void take_file(const std::filesystem::path& file, source from) {
    auto reading = read_config_file(file, from);
    for (auto& each : reading.values)
      put(*each.which, std::move(each.checked), std::move(each.where));
    for (auto& each : reading.mistakes)
      mistake(std::move(each), false);
  }

  void take_environment() {
    for (const auto& each : options()) {
      // Our own name comes second and so wins over the older service's.
      for (const auto& name : {std::string(each.legacy_environment), environment_name(each)})
        if (const auto* text = name.empty() ? nullptr : set_in(request_.variables, name))
          take_text(each, *text, {source::environment, name});
    }
  }

  void take_flags() {
    for (const auto& [key, text] : request_.flags)
      if (const auto* which = find_option(key))
        take_text(*which, text, {source::flag, std::string(which->flag)});
  }

  void take_text(const option& which, std::string_view text, origin where) {
    auto value = parse_value(which, text);
    const bool is_flag = where.from == source::flag;
    if (value)
      put(which, std::move(*value), std::move(where));
    else
      mistake((is_flag ? "" : "environment ") + where.place + " " + value.error(), is_flag);
  }

  void put(const option& which, option_value value, origin where) {
    if (auto* text = std::get_if<std::string>(&value); text && which.type == option_type::path)
      expand_home(*text, 0);
    if (auto* items = std::get_if<std::vector<std::string>>(&value); items && which.named_paths)
      for (auto& each : *items)
        expand_home(each, each.find('=') + 1);
    settings_.set(which.key, std::move(value), std::move(where));
  }

  void expand_home(std::string& text, std::size_t at) const {
    const auto* home = set_in(request_.variables, "HOME");
    const auto path = std::string_view(text).substr(at);
    if (home && (path == "~" || path.starts_with("~/")))
      text.replace(at, 1, *home);
  }

  void warn_of_unknown_variables() {
    for (const auto& [name, text] : request_.variables) {
      if (!name.starts_with(prefix) || name == config_variable || is_option(name))
        continue;
      std::vector<std::string> names;
      for (const auto& each : options())
        names.push_back(environment_name(each));
      nearest near(std::string_view(name).substr(prefix.size()));
      for (const auto& each : names)
        near.consider(std::string_view(each).substr(prefix.size()), each);
      settings_.warnings.push_back(
          "environment " + name + " is no option and was ignored" +
          (near.found() ? "; did you mean " + std::string(*near.found()) + "?" : ""));
    }
  }

  static bool is_option(std::string_view name) {
    return std::ranges::any_of(options(), [&](const option& each) { return environment_name(each) == name; });
  }

  void mistake(std::string text, bool in_flag) {
    mistakes_.push_back(std::move(text));
    all_in_flags_ = all_in_flags_ && in_flag;
  }

  failure failure_of_mistakes() const {
    std::string cause = mistakes_.size() == 1
                            ? mistakes_.front()
                            : std::to_string(mistakes_.size()) + " mistakes in the configuration";
    for (std::size_t i = 0; mistakes_.size() > 1 && i < mistakes_.size(); ++i)
      cause += "\n" + mistakes_[i];
    return {all_in_flags_ ? failure_kind::usage : failure_kind::config_invalid, std::move(cause),
            all_in_flags_
                ? "see `trainyard COMMAND --help` for what each flag takes"
                : "correct them; `trainyard config show --origin` then shows where each value comes from"};
  }

  const load_request& request_;
  settings settings_;
  std::vector<std::string> mistakes_;
  bool all_in_flags_ = true;
};

} // namespace

environment process_environment() {
  environment out;
  for (char** each = environ; each && *each; ++each) {
    const std::string_view line = *each;
    const auto equals = line.find('=');
    if (equals != std::string_view::npos)
      out.emplace(line.substr(0, equals), line.substr(equals + 1));
  }
  return out;
}

result<settings> load_settings(const load_request& request) {
  return loader(request).load();
}

std::optional<std::filesystem::path> user_config_file(const environment& variables) {
  const std::filesystem::path below = "trainyard/config.toml";
  // The XDG rules: a path that is not absolute counts as not set.
  if (const auto* xdg = set_in(variables, "XDG_CONFIG_HOME"); xdg && xdg->front() == '/')
    return *xdg / below;
  const auto* home = set_in(variables, "HOME");
  if (!home)
    return std::nullopt;
#ifdef __APPLE__
  return std::filesystem::path(*home) / "Library/Application Support" / below;
#else
  return std::filesystem::path(*home) / ".config" / below;
#endif
}

} // namespace trainyard
