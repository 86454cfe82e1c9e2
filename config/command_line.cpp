// CLI11 over the two tables: commands and options. Its own words and exit codes stay in here.
#include "config/command_line.hpp"

#include <algorithm>
#include <iterator>

#include <CLI/CLI.hpp>

#include "config/commands.hpp"
#include "config/edit_distance.hpp"
#include "config/help_text.hpp"
#include "config/options.hpp"

namespace trainyard {
namespace {

std::string_view section_of(const option& which) {
  return which.key.substr(0, which.key.find('.'));
}

failure usage(std::string cause, std::string remedy) {
  return {failure_kind::usage, std::move(cause), std::move(remedy)};
}

/// The parser's state while one command line is read: CLI11 writes into what stands here.
class command_parser {
public:
  command_parser() {
    app_.require_subcommand(0, 1);
    app_.allow_extras();
    app_.set_help_flag("-h,--help");
    app_.add_flag("--version");
    for (const auto& each : commands())
      add(each);
  }

  result<parsed_command> parse(std::span<const std::string> arguments) {
    // What stands behind "--" is names only; CLI11 with extras would hand it to the program's own level.
    const auto dashes = std::ranges::find(arguments, "--");
    std::vector<std::string> reversed(std::make_reverse_iterator(dashes), arguments.rend());
    if (dashes != arguments.end())
      names_.assign(dashes + 1, arguments.end());
    try {
      app_.parse(reversed);
    } catch (const CLI::CallForHelp&) {
      const auto* asked = chosen();
      parsed_command out;
      out.help = asked ? command_help(*asked->which) : program_help();
      return out;
    } catch (const CLI::ArgumentMismatch& error) {
      const std::string text = error.what();
      return tl::unexpected(usage(text.substr(0, text.find(':')) + " lacks its value", hint_for(chosen())));
    } catch (const CLI::ParseError& error) {
      return tl::unexpected(usage(error.what(), hint_for(chosen())));
    }
    return describe();
  }

private:
  struct built {
    const command* which;
    CLI::App* app;
  };

  void add(const command& each) {
    const auto space = each.name.find(' ');
    auto* parent = &app_;
    if (space != std::string_view::npos)
      parent = group(std::string(each.name.substr(0, space)));
    const auto word = std::string(each.name.substr(space == std::string_view::npos ? 0 : space + 1));
    auto* app = parent->add_subcommand(word);
    app->allow_extras();
    built_.push_back({&each, app});
    if (!each.positional.empty())
      app->add_option(std::string(each.positional))->expected(1);
    if (!each.switch_name.empty())
      app->add_flag(std::string(each.switch_name));
    if (!each.sections.empty())
      add_options(*app, each);
  }

  /// The first word of "config show": a command that is nothing alone.
  CLI::App* group(const std::string& word) {
    for (auto* known : app_.get_subcommands([&](const CLI::App* each) { return each->get_name() == word; }))
      return known;
    auto* made = app_.add_subcommand(word);
    made->require_subcommand(0, 1);
    made->allow_extras();
    return made;
  }

  static void add_options(CLI::App& app, const command& of) {
    for (const auto section : of.sections)
      for (const auto& each : options())
        if (section_of(each) == section)
          add_option(app, each);
    app.add_option("--config")->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
  }

  static void add_option(CLI::App& app, const option& each) {
    const std::string flag(each.flag);
    auto* added = each.type == option_type::boolean ? app.add_flag(flag + ",!--no-" + flag.substr(2))
                                                    : app.add_option(flag)->expected(1);
    // The last one wins, so that a script's own flags can be followed by the user's.
    added->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
  }

  const built* chosen() const {
    for (const auto& each : built_)
      if (each.app->parsed())
        return &each;
    return nullptr;
  }

  result<parsed_command> describe() const {
    const auto* found = chosen();
    if (!found)
      return without_command();
    parsed_command out;
    out.command = found->which->name;
    if (auto wrong = unexpected_argument(*found))
      return tl::unexpected(*wrong);
    if (!found->which->positional.empty())
      out.positionals = found->app->get_option(std::string(found->which->positional))->results();
    for (const auto& more : found->app->remaining())
      out.positionals.push_back(more);
    out.positionals.insert(out.positionals.end(), names_.begin(), names_.end());
    if (auto wrong = wrong_count(*found, out.positionals))
      return tl::unexpected(*wrong);
    take_options(*found, out);
    for (const auto& [key, text] : out.flags)
      if (text.starts_with("--") && found->app->get_option_no_throw(text.substr(0, text.find('='))))
        return tl::unexpected(usage(std::string(find_option(key)->flag) + " lacks its value: '" + text +
                                        "' behind it is a flag",
                                    hint_for(found)));
    return out;
  }

  static void take_options(const built& found, parsed_command& out) {
    const auto last = [&](std::string_view flag) -> std::optional<std::string> {
      const auto* given = found.app->get_option_no_throw(std::string(flag));
      return given && given->count() > 0 ? std::optional(given->results().back()) : std::nullopt;
    };
    for (const auto& each : options())
      if (auto text = last(each.flag))
        out.flags.emplace(each.key, std::move(*text));
    if (auto file = last("--config"))
      out.config_file = *file;
    if (!found.which->switch_name.empty() && last(found.which->switch_name))
      out.switches.emplace(found.which->switch_name);
  }

  std::optional<failure> unexpected_argument(const built& found) const {
    for (const auto* above : {&app_, static_cast<const CLI::App*>(found.app->get_parent())})
      if (const auto early = above->remaining(); !early.empty())
        return usage("'" + early.front() + "' stands before the command",
                     "put it behind: trainyard " + std::string(found.which->name) + " ... " + early.front());
    const auto extras = found.app->remaining();
    if (extras.empty())
      return std::nullopt;
    const auto& argument = extras.front();
    if (!found.which->positional.empty() && !argument.starts_with('-'))
      return std::nullopt; // a name too many, which wrong_count tells
    const auto name = argument.substr(0, argument.find('='));
    nearest near(name);
    std::vector<std::string> flags;
    for (const auto* each : found.app->get_options())
      for (const auto& word : each->get_lnames())
        flags.push_back("--" + word);
    for (const auto& each : flags)
      near.consider(each, each);
    return usage("`trainyard " + std::string(found.which->name) + "` takes no '" + argument + "'",
                 near.found() ? "did you mean " + std::string(*near.found()) + "?" : hint_for(&found));
  }

  static std::optional<failure> wrong_count(const built& found, const std::vector<std::string>& given) {
    const auto& which = *found.which;
    if (which.positional.empty() && given.empty())
      return std::nullopt;
    if (which.positional.empty())
      return usage("`trainyard " + std::string(which.name) + "` takes no '" + given.front() + "'",
                   hint_for(&found));
    const auto form = "trainyard " + std::string(which.name) + " " + std::string(which.positional);
    if (given.empty())
      return usage("`" + form + "` lacks its " + std::string(which.positional), hint_for(&found));
    if (given.front().empty())
      return usage("the " + std::string(which.positional) + " of `" + form + "` is empty", hint_for(&found));
    if (given.size() > 1)
      return usage("`" + form + "` takes one " + std::string(which.positional) + ", but there is '" +
                       given[1] + "' after '" + given[0] + "'",
                   "quote a name that holds blanks; one run embeds one folder");
    return std::nullopt;
  }

  result<parsed_command> without_command() const {
    parsed_command out;
    if (app_.count("--version") > 0) {
      out.command = "version";
      return out;
    }
    for (const auto* group : app_.get_subcommands())
      return tl::unexpected(unknown_command(*group, group->get_name() + " "));
    return tl::unexpected(unknown_command(app_, ""));
  }

  static failure unknown_command(const CLI::App& within, const std::string& before) {
    std::vector<std::string> names;
    for (const auto& each : commands())
      if (each.name.starts_with(before))
        names.emplace_back(each.name);
    const auto extras = within.remaining();
    if (extras.empty())
      return usage(before.empty()
                       ? "no command is given"
                       : "`trainyard " + before.substr(0, before.size() - 1) + "` is half a command",
                   before.empty() ? "to embed a folder: trainyard run DIR; see trainyard --help"
                                  : "did you mean trainyard " + names.front() + "?");
    nearest near(before + extras.front());
    for (const auto& each : names)
      near.consider(each, each);
    return usage("'" + before + extras.front() + "' is no command of trainyard",
                 near.found() ? "did you mean trainyard " + std::string(*near.found()) + "?"
                              : "to embed a folder: trainyard run DIR; see trainyard --help");
  }

  static std::string hint_for(const built* found) {
    return "see trainyard " + (found ? std::string(found->which->name) + " " : std::string()) + "--help";
  }

  CLI::App app_{"", "trainyard"};
  std::vector<built> built_;
  std::vector<std::string> names_; // what stood behind "--"
};

} // namespace

result<parsed_command> parse_command_line(std::span<const std::string> arguments) {
  return command_parser().parse(arguments);
}

} // namespace trainyard
