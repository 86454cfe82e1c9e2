// Arguments as people and scripts give them, wrong ones above all.
#include "config/command_line.hpp"

#include <algorithm>
#include <array>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/commands.hpp"
#include "config/help_text.hpp"
#include "config/options.hpp"

namespace trainyard {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::Pair;
using ::testing::UnorderedElementsAre;

result<parsed_command> parse(std::vector<std::string> arguments) {
  return parse_command_line(arguments);
}

std::string told(std::vector<std::string> arguments) {
  const auto parsed = parse(std::move(arguments));
  if (parsed)
    return "nothing";
  EXPECT_EQ(parsed.error().kind, failure_kind::usage);
  return parsed.error().cause + " | " + parsed.error().remedy;
}

TEST(command_line, run_takes_a_folder_and_flags_in_any_order) {
  const auto is = parse({"run", "--out", "o", "photos", "--gpu-batch-size=8", "--json",
                         "--no-gpu-memory-cleanup", "--config", "c.toml"});
  ASSERT_TRUE(is) << is.error().cause;
  EXPECT_EQ(is->command, "run");
  EXPECT_THAT(is->positionals, ElementsAre("photos"));
  EXPECT_THAT(is->flags,
              UnorderedElementsAre(Pair("run.out", "o"), Pair("device.gpu_batch_size", "8"),
                                   Pair("run.json", "true"), Pair("device.gpu_memory_cleanup", "false")));
  EXPECT_EQ(is->config_file, "c.toml");
  EXPECT_FALSE(is->help);
}

TEST(command_line, the_last_of_a_repeated_flag_holds) {
  const auto is = parse({"run", "x", "--out", "a", "--out", "b", "--json", "--no-json"});
  ASSERT_TRUE(is) << is.error().cause;
  EXPECT_THAT(is->flags, UnorderedElementsAre(Pair("run.out", "b"), Pair("run.json", "false")));
}

TEST(command_line, a_folder_may_have_the_name_of_a_command_or_begin_with_a_dash) {
  for (const std::string name :
       {"config", "show", "run", "version", "help", "a b", "[x]", "{a,b}", "\"q\"", "=", "x=y"}) {
    const auto is = parse({"run", name});
    ASSERT_TRUE(is) << name << " " << is.error().cause;
    EXPECT_THAT(is->positionals, ElementsAre(name));
  }
  const auto dashed = parse({"run", "--json", "--", "--out"});
  ASSERT_TRUE(dashed) << dashed.error().cause;
  EXPECT_THAT(dashed->positionals, ElementsAre("--out"));
  EXPECT_THAT(dashed->flags, ElementsAre(Pair("run.json", "true")));
}

TEST(command_line, values_pass_unchanged) {
  for (const std::string value :
       {"-5", "a=b", "[a,b]", "'q'", "\"q q\"", "", " ", "%{x}", "\xFF", "a\nb", "{", "-"}) {
    const auto is = parse({"run", "x", "--out", value});
    ASSERT_TRUE(is) << value << " " << is.error().cause;
    EXPECT_EQ(is->flags.at("run.out"), value);
  }
}

TEST(command_line, every_option_is_a_flag_of_the_commands_that_take_it_and_of_no_other) {
  for (const auto& of : commands())
    for (const auto& each : options()) {
      std::vector<std::string> arguments;
      for (std::istringstream words{std::string(of.name)}; !words.eof();)
        words >> arguments.emplace_back();
      if (!of.positional.empty())
        arguments.emplace_back("x");
      arguments.emplace_back(each.flag);
      if (each.type != option_type::boolean)
        arguments.emplace_back("value");
      const auto is = parse(arguments);
      if (takes(of, each) && !each.secret) {
        ASSERT_TRUE(is) << of.name << " " << each.flag << " " << is.error().cause;
        EXPECT_TRUE(is->flags.contains(each.key)) << each.key;
      } else if (is) {
        EXPECT_FALSE(is->flags.contains(each.key)) << of.name << " " << each.key;
      }
    }
}

TEST(command_line, a_secret_has_no_flag_that_others_could_see) {
  EXPECT_THAT(told({"sessions", "--nats-password", "x"}), HasSubstr("takes no '--nats-password'"));
  EXPECT_THAT(told({"sessions", "--nats-token", "x"}), HasSubstr("takes no '--nats-token'"));
}

TEST(command_line, a_list_grows_with_every_flag) {
  const auto is = parse({"worker", "--root", "a=/x", "--root", "b=/y,c=/z", "--nats=n1:1"});
  ASSERT_TRUE(is) << is.error().cause;
  EXPECT_THAT(is->flags,
              UnorderedElementsAre(Pair("cluster.root", "a=/x,b=/y,c=/z"), Pair("nats.url", "n1:1")));
  EXPECT_THAT(told({"worker", "--root", "a=/x", "--root", "--node"}), HasSubstr("--root lacks its value"));
}

TEST(command_line, root_is_a_name_for_submit_and_a_list_for_a_worker) {
  const auto is =
      parse({"submit", "2024", "--root", "photos", "--wait", "--priority", "2", "--dtype", "fp32"});
  ASSERT_TRUE(is) << is.error().cause;
  EXPECT_THAT(is->positionals, ElementsAre("2024"));
  EXPECT_THAT(is->flags, UnorderedElementsAre(Pair("job.root", "photos"), Pair("job.wait", "true"),
                                              Pair("job.priority", "2"), Pair("run.dtype", "fp32")));
}

TEST(command_line, commands_about_a_session_want_its_id) {
  for (const std::string name : {"status", "watch", "pause", "resume", "cancel", "retry", "failures"}) {
    EXPECT_THAT(told({name}), HasSubstr("lacks its ID")) << name;
    EXPECT_THAT(parse({name, "s1", "--json", "--nats", "nats://a"})->positionals, ElementsAre("s1")) << name;
  }
  EXPECT_THAT(told({"sessions", "s1"}), HasSubstr("takes no 's1'"));
  EXPECT_THAT(told({"status", "a", "b"}), HasSubstr("takes one ID, but there is 'b' after 'a'"));
  EXPECT_EQ(parse({"failures", "s1", "--offset", "5"})->flags.at("page.offset"), "5");
  EXPECT_THAT(told({"statsu", "s1"}), HasSubstr("did you mean trainyard status?"));
}

TEST(command_line, no_command_takes_what_it_would_not_read) {
  for (const std::string flag : {"--prefetch", "--nats-server", "--decoder", "--state-dir"})
    EXPECT_THAT(told({"coordinator", flag, "1"}), HasSubstr("takes no '" + flag + "'"));
  for (const std::string flag : {"--output-root", "--max-sessions", "--nats-server"})
    EXPECT_THAT(told({"worker", flag, "1"}), HasSubstr("takes no '" + flag + "'"));
  for (const std::string name : {"submit", "status", "watch", "failures"})
    for (const std::string flag : {"--nats-replicas", "--nats-administer"})
      EXPECT_THAT(told({name, "x", flag}), HasSubstr("takes no '" + flag + "'")) << name;
}

TEST(command_line, every_command_of_a_cluster_takes_the_whole_login) {
  for (const auto& each : options()) {
    if (!each.key.starts_with("nats.") || each.key == "nats.administer" || each.key == "nats.replicas")
      continue;
    constexpr std::array on_this_machine{"run",        "search", "embed-text", "export",
                                         "completion", "man",    "version"};
    for (const auto& of : commands())
      EXPECT_EQ(takes(of, each), std::ranges::find(on_this_machine, of.name) == on_this_machine.end())
          << of.name << " " << each.key;
  }
}

TEST(command_line, a_letter_stands_for_its_long_flag) {
  const auto is = parse({"search", "out", "-k", "5", "--image", "a.jpg"});
  ASSERT_TRUE(is) << is.error().cause;
  EXPECT_THAT(is->flags, UnorderedElementsAre(Pair("search.hits", "5"), Pair("search.image", "a.jpg")));
  EXPECT_EQ(parse({"search", "out", "--hits=7"})->flags.at("search.hits"), "7");
  EXPECT_THAT(told({"search", "out", "-k"}), HasSubstr("lacks its value"));
  EXPECT_THAT(*parse({"search", "--help"})->help, HasSubstr("-k, --hits N"));
}

TEST(command_line, config_show_takes_origin_and_all_options) {
  const auto is = parse({"config", "show", "--origin", "--dtype", "fp32"});
  ASSERT_TRUE(is) << is.error().cause;
  EXPECT_EQ(is->command, "config show");
  EXPECT_TRUE(is->switches.contains("--origin"));
  EXPECT_EQ(is->flags.at("run.dtype"), "fp32");
}

TEST(command_line, version_is_a_command_and_a_flag) {
  EXPECT_EQ(parse({"version"})->command, "version");
  EXPECT_EQ(parse({"--version"})->command, "version");
}

TEST(command_line, tells_what_is_missing) {
  EXPECT_THAT(told({}), HasSubstr("no command is given | to embed a folder: trainyard run DIR"));
  EXPECT_THAT(told({"run"}), HasSubstr("lacks its DIR"));
  EXPECT_THAT(told({"run", "--"}), HasSubstr("lacks its DIR"));
  EXPECT_THAT(told({"run", ""}), HasSubstr("is empty"));
  EXPECT_THAT(told({"run", "x", "--out"}), HasSubstr("--out lacks its value"));
  EXPECT_THAT(told({"run", "x", "--out="}), HasSubstr("--out"));
  EXPECT_THAT(told({"run", "x", "--out", "--json"}), HasSubstr("--out lacks its value: '--json'"));
  EXPECT_THAT(told({"config"}), HasSubstr("did you mean trainyard config show?"));
}

TEST(command_line, tells_what_is_unknown_and_what_was_meant) {
  EXPECT_THAT(told({"rnu", "x"}),
              HasSubstr("'rnu' is no command of trainyard | did you mean trainyard run?"));
  EXPECT_THAT(told({"photos"}), HasSubstr("trainyard run DIR"));
  EXPECT_THAT(told({"config", "shwo"}), HasSubstr("did you mean trainyard config show?"));
  EXPECT_THAT(told({"run", "x", "--gpu-batchsize", "3"}),
              HasSubstr("'--gpu-batchsize' | did you mean --gpu-batch-size?"));
  EXPECT_THAT(told({"run", "x", "--gpu-batchsize=3"}), HasSubstr("did you mean --gpu-batch-size?"));
  EXPECT_THAT(told({"run", "x", "-q"}), HasSubstr("takes no '-q'"));
  EXPECT_THAT(told({"run", "x", "--no-out"}), HasSubstr("takes no '--no-out'"));
  EXPECT_THAT(told({"version", "x"}), HasSubstr("takes no 'x'"));
  EXPECT_THAT(told({"version", "--", "x"}), HasSubstr("takes no 'x'"));
  EXPECT_THAT(told({"--json", "run", "x"}), HasSubstr("stands before the command"));
  EXPECT_THAT(told({"config", "--origin", "show"}), HasSubstr("stands before the command"));
}

TEST(command_line, tells_of_a_second_folder) {
  EXPECT_THAT(told({"run", "a", "--json", "b"}), HasSubstr("takes one DIR, but there is 'b' after 'a'"));
  EXPECT_THAT(told({"run", "a", "--", "b"}), HasSubstr("takes one DIR, but there is 'b' after 'a'"));
}

TEST(command_line, embed_text_takes_any_number_of_texts_but_none) {
  EXPECT_THAT(parse({"embed-text", "a cat", "--json", "a dog", "--out", "x.npy", "--", "-"})->positionals,
              ElementsAre("a cat", "a dog", "-"));
  EXPECT_THAT(told({"embed-text"}), HasSubstr("lacks its TEXT"));
  EXPECT_THAT(*parse({"embed-text", "--help"})->help, HasSubstr("embed-text TEXT... [OPTIONS]"));
}

TEST(command_line, help_is_grouped_and_names_every_flag) {
  const auto is = parse({"run", "--help"});
  ASSERT_TRUE(is && is->help);
  EXPECT_THAT(*is->help, HasSubstr("\nDevice:\n"));
  EXPECT_THAT(*is->help, HasSubstr("Usage: trainyard run DIR [OPTIONS]"));
  for (const auto& of : commands()) {
    const auto help = command_help(of);
    for (const auto& each : options())
      if (takes(of, each)) {
        EXPECT_THAT(help, HasSubstr(each.secret ? environment_name(each) : std::string(each.flag.substr(2))));
      }
    std::istringstream lines(help);
    for (std::string line; std::getline(lines, line);)
      EXPECT_LE(line.size(), 105U) << line;
  }
}

TEST(command_line, help_shows_what_a_list_and_a_single_option_hold) {
  const auto worker = *parse({"worker", "--help"})->help;
  EXPECT_THAT(worker, HasSubstr("--root NAME=PATH,..."));
  EXPECT_THAT(worker, HasSubstr("\nRun:\n  --model NAME"));
  EXPECT_THAT(worker, Not(HasSubstr("--batch-size N ")));
  EXPECT_THAT(worker, HasSubstr("[not set]"));
  EXPECT_THAT(worker, HasSubstr("\n  TRAINYARD_NATS_PASSWORD"));
}

TEST(command_line, help_wins_over_mistakes_and_is_there_at_every_level) {
  EXPECT_TRUE(parse({"--help"})->help);
  EXPECT_TRUE(parse({"-h"})->help);
  EXPECT_TRUE(parse({"config", "-h"})->help);
  EXPECT_TRUE(parse({"config", "show", "--help"})->help);
  EXPECT_TRUE(parse({"run", "--bogus", "--help"})->help);
  EXPECT_THAT(*parse({"--help"})->help, HasSubstr("run DIR"));
}

} // namespace
} // namespace trainyard
