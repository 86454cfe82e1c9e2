// CLI11 over the two tables: commands and options. Its own words and exit codes stay in here.
#include "config/command_line.hpp"

#include <algorithm>
#include <iterator>

#include <CLI/CLI.hpp>

#include "config/command_mistakes.hpp"
#include "config/help_text.hpp"
#include "config/options.hpp"

namespace trainyard {
namespace {

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
      return tl::unexpected(
          usage(text.substr(0, text.find(':')) + " lacks its value", hint_for(chosen_command())));
    } catch (const CLI::ParseError& error) {
      return tl::unexpected(usage(error.what(), hint_for(chosen_command())));
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
    bool any = false;
    for (const auto& each : options())
      if (takes(of, each)) {
        any = true;
        add_option(app, each, of.letter_of == each.key ? of.letter : "");
      }
    if (any)
      app.add_option("--config")->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
  }

  static void add_option(CLI::App& app, const option& each, std::string_view letter) {
    const std::string flag(each.flag);
    if (flag.empty())
      return;
    const auto names = letter.empty() ? flag : std::string(letter) + "," + flag;
    auto* added = each.type == option_type::boolean ? app.add_flag(flag + ",!--no-" + flag.substr(2))
                                                    : app.add_option(names)->expected(1);
    // The last one wins, so that a script's own flags can be followed by the user's; a list grows instead.
    added->multi_option_policy(each.type == option_type::list ? CLI::MultiOptionPolicy::TakeAll
                                                              : CLI::MultiOptionPolicy::TakeLast);
  }

  const built* chosen() const {
    for (const auto& each : built_)
      if (each.app->parsed())
        return &each;
    return nullptr;
  }

  const command* chosen_command() const {
    const auto* found = chosen();
    return found ? found->which : nullptr;
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
    if (auto wrong = wrong_count(*found->which, out.positionals))
      return tl::unexpected(*wrong);
    if (auto wrong = take_options(*found, out))
      return tl::unexpected(*wrong);
    return out;
  }

  static std::optional<failure> take_options(const built& found, parsed_command& out) {
    const auto given = [&](std::string_view flag) {
      const auto* added = flag.empty() ? nullptr : found.app->get_option_no_throw(std::string(flag));
      return added ? added->results() : std::vector<std::string>();
    };
    for (const auto& each : options()) {
      const auto texts = takes(*found.which, each) ? given(each.flag) : std::vector<std::string>();
      for (const auto& text : texts)
        if (text.starts_with("--") && found.app->get_option_no_throw(text.substr(0, text.find('='))))
          return usage(std::string(each.flag) + " lacks its value: '" + text + "' behind it is a flag",
                       hint_for(found.which));
      if (!texts.empty())
        out.flags.emplace(each.key, each.type == option_type::list ? joined(texts) : texts.back());
    }
    if (const auto files = given("--config"); !files.empty())
      out.config_file = files.back();
    if (!given(found.which->switch_name).empty())
      out.switches.emplace(found.which->switch_name);
    return std::nullopt;
  }

  static std::string joined(const std::vector<std::string>& texts) {
    std::string all;
    for (const auto& each : texts)
      all += (&each == &texts.front() ? "" : ",") + each;
    return all;
  }

  std::optional<failure> unexpected_argument(const built& found) const {
    for (const auto* above : {&app_, static_cast<const CLI::App*>(found.app->get_parent())})
      if (const auto early = above->remaining(); !early.empty())
        return before_the_command(*found.which, early.front());
    const auto extras = found.app->remaining();
    if (extras.empty() || (!found.which->positional.empty() && !extras.front().starts_with('-')))
      return std::nullopt; // a name too many is told by wrong_count
    std::vector<std::string> flags;
    for (const auto* each : found.app->get_options())
      for (const auto& word : each->get_lnames())
        flags.push_back("--" + word);
    return unknown_argument(*found.which, extras.front(), flags);
  }

  result<parsed_command> without_command() const {
    parsed_command out;
    if (app_.count("--version") > 0) {
      out.command = "version";
      return out;
    }
    const auto first = [](const CLI::App& within) {
      const auto extras = within.remaining();
      return extras.empty() ? std::string() : extras.front();
    };
    for (const auto* group : app_.get_subcommands())
      return tl::unexpected(unknown_command(group->get_name() + " ", first(*group)));
    return tl::unexpected(unknown_command("", first(app_)));
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
