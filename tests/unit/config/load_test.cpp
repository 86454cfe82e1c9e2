// Sources in their order, and every mistake told at once with its origin.
#include "config/load.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/temp_dir.hpp"

namespace trainyard {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

class load : public ::testing::Test {
protected:
  result<settings> from(std::string_view toml) {
    return load_settings(
        {.flags = flags, .variables = variables, .config_file = dir.write("own.toml", toml)});
  }
  result<settings> without_file() { return load_settings({.flags = flags, .variables = variables}); }
  std::string mistakes_of(std::string_view toml) {
    const auto loaded = from(toml);
    return loaded ? "none" : loaded.error().cause;
  }

  testing::temp_dir dir;
  std::map<std::string, std::string, std::less<>> flags;
  environment variables;
};

TEST_F(load, gives_the_defaults_where_nothing_is_set) {
  const auto is = without_file();
  ASSERT_TRUE(is);
  EXPECT_EQ(is->text("run.model"), "efficientnet-lite0");
  EXPECT_EQ(is->integer("run.batch_size"), 64);
  EXPECT_EQ(is->integer_unless_auto("device.gpu_batch_size"), std::nullopt);
  EXPECT_TRUE(is->boolean("device.gpu_memory_cleanup"));
  EXPECT_TRUE(is->is_auto("device.precision"));
  EXPECT_EQ(to_string(is->origin_of("run.model")), "default");
}

TEST_F(load, takes_flag_before_environment_before_file_before_user_file) {
  variables["XDG_CONFIG_HOME"] = dir.path().string();
  const auto user = dir.write("trainyard/config.toml", "[run]\nbatch_size = 1\n");
  auto is = without_file();
  ASSERT_TRUE(is) << is.error().cause;
  EXPECT_EQ(is->integer("run.batch_size"), 1);
  EXPECT_EQ(to_string(is->origin_of("run.batch_size")), "file " + user.string() + ":2");
  is = from("[run]\nbatch_size = 2\n");
  EXPECT_EQ(is->integer("run.batch_size"), 2);
  variables["TRAINYARD_BATCH_SIZE"] = "3";
  is = from("[run]\nbatch_size = 2\n");
  EXPECT_EQ(is->integer("run.batch_size"), 3);
  EXPECT_EQ(to_string(is->origin_of("run.batch_size")), "environment TRAINYARD_BATCH_SIZE");
  flags["run.batch_size"] = "4";
  is = from("[run]\nbatch_size = 2\n");
  EXPECT_EQ(is->integer("run.batch_size"), 4);
  EXPECT_EQ(to_string(is->origin_of("run.batch_size")), "flag --batch-size");
}

TEST_F(load, understands_the_older_services_variables_and_prefers_our_own) {
  variables = {{"GPU_BATCH_SIZE", "4"},
               {"GPU_MEMORY_CLEANUP_ENABLED", "False"},
               {"GPU_MEMORY_CLEANUP_INTERVAL", "10"}};
  auto is = without_file();
  ASSERT_TRUE(is);
  EXPECT_EQ(is->integer("device.gpu_batch_size"), 4);
  EXPECT_FALSE(is->boolean("device.gpu_memory_cleanup"));
  EXPECT_EQ(is->integer("device.gpu_memory_cleanup_interval"), 10);
  EXPECT_EQ(is->origin_of("device.gpu_batch_size").place, "GPU_BATCH_SIZE");
  variables["TRAINYARD_GPU_BATCH_SIZE"] = "auto";
  is = without_file();
  ASSERT_TRUE(is);
  EXPECT_TRUE(is->is_auto("device.gpu_batch_size"));
}

TEST_F(load, counts_an_empty_variable_as_not_set) {
  variables = {
      {"GPU_BATCH_SIZE", ""}, {"TRAINYARD_OUT", ""}, {"TRAINYARD_CONFIG", ""}, {"XDG_CONFIG_HOME", ""}};
  const auto is = without_file();
  ASSERT_TRUE(is) << is.error().cause;
  EXPECT_EQ(to_string(is->origin_of("run.out")), "default");
}

TEST_F(load, tells_all_mistakes_of_all_sources_at_once) {
  variables = {{"GPU_BATCH_SIZE", "many"}, {"TRAINYARD_PREFETCH", "65"}};
  flags = {{"run.dtype", "fp8"}};
  const auto is = from("[run]\nmodle = \"x\"\nbatch_size = \"64\"\n[device]\ngpu_memory_cleanup = 1\n");
  ASSERT_FALSE(is);
  EXPECT_EQ(is.error().kind, failure_kind::config_invalid);
  const auto file = (dir.path() / "own.toml").string();
  EXPECT_THAT(is.error().cause,
              AllOf(HasSubstr("6 mistakes"),
                    HasSubstr(file + ":2: 'run.modle' is no option; did you mean run.model?"),
                    HasSubstr(file + ":3: run.batch_size is a text, not a whole number from 1 to 1024"),
                    HasSubstr(file + ":5: device.gpu_memory_cleanup is a whole number, not true or false"),
                    HasSubstr("environment GPU_BATCH_SIZE is 'many'"),
                    HasSubstr("environment TRAINYARD_PREFETCH is '65', not a whole number from 1 to 64"),
                    HasSubstr("--dtype is 'fp8', not one of fp16, fp32")));
}

TEST_F(load, is_a_usage_failure_when_only_flags_are_wrong) {
  flags = {{"run.batch_size", "0"}};
  const auto is = without_file();
  ASSERT_FALSE(is);
  EXPECT_EQ(is.error().kind, failure_kind::usage);
  EXPECT_EQ(is.error().cause, "--batch-size is '0', not a whole number from 1 to 1024");
}

TEST_F(load, checks_types_and_bounds_in_a_file) {
  EXPECT_THAT(mistakes_of("[device]\ngpu_batch_size = 16.0\n"), HasSubstr("is a number, not a whole number"));
  EXPECT_THAT(mistakes_of("[device]\ngpu_batch_size = 4096\n"), HasSubstr("is '4096', not"));
  EXPECT_THAT(mistakes_of("[device]\ngpu_batch_size = -9223372036854775808\n"),
              HasSubstr("-9223372036854775808"));
  EXPECT_THAT(mistakes_of("[run]\nout = 2024-01-01\n"), HasSubstr("is a date or time"));
  EXPECT_THAT(mistakes_of("[run]\nout = [\"a\"]\n"), HasSubstr("is a list"));
  EXPECT_THAT(mistakes_of("[run.out]\nx = 1\n"), HasSubstr("run.out is a table"));
  EXPECT_THAT(mistakes_of("run = 5\n"), HasSubstr("'run' is no option"));
  EXPECT_THAT(mistakes_of("[[run]]\nout = \"x\"\n"), HasSubstr("'run' is no option"));
  EXPECT_THAT(mistakes_of("[run]\nout = \"\"\n"), HasSubstr("is empty"));
  EXPECT_THAT(mistakes_of("[run]\nout = \"a\\u0000b\"\n"), HasSubstr("control characters"));
  EXPECT_THAT(mistakes_of("[nothing]\n"), HasSubstr("'nothing' is no option"));
  EXPECT_THAT(mistakes_of("[run]\n[device]\n"), "none");
  EXPECT_THAT(mistakes_of("run.out = \"x\"\n"), "none");
  EXPECT_THAT(mistakes_of("[device]\ngpu_batch_size = \"auto\"\n"), "none");
}

TEST_F(load, reads_files_with_byte_order_mark_and_windows_line_ends) {
  const auto is = from("\xEF\xBB\xBF[run]\r\nmodel = \"x\"\r\nbatch_size = 7\r\n");
  ASSERT_TRUE(is) << is.error().cause;
  EXPECT_EQ(is->integer("run.batch_size"), 7);
  EXPECT_TRUE(is->origin_of("run.batch_size").place.ends_with(":3"));
}

TEST_F(load, tells_the_line_of_what_is_no_toml) {
  EXPECT_THAT(mistakes_of("[run]\nout = \n"), HasSubstr("own.toml:2: "));
  EXPECT_THAT(mistakes_of("[run]\nout = \"a\"\nout = \"b\"\n"), HasSubstr("own.toml:3: "));
  EXPECT_THAT(mistakes_of("\xFF\xFE[\0r\0"), HasSubstr("own.toml:1: "));
  EXPECT_THAT(mistakes_of("[run]\nout = \"\xC3\x28\"\n"), HasSubstr("own.toml:2: "));
}

TEST_F(load, survives_files_made_to_break_it) {
  std::string dots = "a";
  for (int i = 0; i < 200'000; ++i)
    dots += ".a";
  EXPECT_THAT(mistakes_of(dots + " = 1\n"), HasSubstr("more than 64 dots"));
  EXPECT_THAT(mistakes_of("[" + dots + "]\n"), HasSubstr("more than 64 dots"));
  std::string quoted;
  for (int i = 0; i < 100'000; ++i)
    quoted += "\"a\".";
  EXPECT_THAT(mistakes_of(quoted + "a = 1\n"), HasSubstr("more than 64 dots"));
  std::string nested = "a = ";
  for (int i = 0; i < 1000; ++i)
    nested += "[{" + dots.substr(0, 120) + "=\n";
  EXPECT_NE(mistakes_of(nested), "none");
  EXPECT_EQ(mistakes_of("# " + std::string(500, '.') + "\n"), "none");
  EXPECT_NE(mistakes_of("a = " + std::string(200'000, '[') + "\n"), "none");
  std::string inline_tables = "a = ";
  for (int i = 0; i < 100'000; ++i)
    inline_tables += "{a=";
  EXPECT_NE(mistakes_of(inline_tables), "none");
  EXPECT_THAT(mistakes_of(std::string(2 * 1024 * 1024, '#')), HasSubstr("larger than 1 MiB"));
  EXPECT_NE(mistakes_of(std::string(100, '\0')), "none");
}

TEST_F(load, tells_of_a_file_that_cannot_be_read) {
  const auto missing = load_settings({.flags = {}, .variables = {}, .config_file = dir.path() / "none.toml"});
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().kind, failure_kind::config_invalid);
  EXPECT_THAT(missing.error().cause, HasSubstr("none.toml cannot be read: No such file"));
  const auto folder = load_settings({.flags = {}, .variables = {}, .config_file = dir.path()});
  ASSERT_FALSE(folder);
  EXPECT_THAT(folder.error().cause, HasSubstr("is a folder"));
  variables["TRAINYARD_CONFIG"] = "/nowhere/x.toml";
  const auto named = without_file();
  ASSERT_FALSE(named);
  EXPECT_THAT(named.error().cause, HasSubstr("/nowhere/x.toml"));
  EXPECT_TRUE(from("")) << "--config stands before TRAINYARD_CONFIG";
}

TEST_F(load, reads_an_endless_file_no_further_than_its_limit) {
  const auto endless = load_settings({.flags = {}, .variables = {}, .config_file = "/dev/zero"});
  ASSERT_FALSE(endless);
  EXPECT_THAT(endless.error().cause, HasSubstr("larger than 1 MiB"));
}

TEST_F(load, expands_the_home_folder_in_paths_only) {
  variables = {{"HOME", "/home/ada"}, {"TRAINYARD_OUT", "~/vectors"}, {"TRAINYARD_MODEL", "~/x"}};
  const auto is = without_file();
  ASSERT_TRUE(is);
  EXPECT_EQ(is->path("run.out"), "/home/ada/vectors");
  EXPECT_EQ(is->text("run.model"), "~/x");
}

TEST_F(load, warns_of_unknown_variables_and_names_the_nearest) {
  variables = {{"TRAINYARD_GPU_BATCHSIZE", "8"}, {"TRAINYARD_QQQQQQQQ", "1"}, {"OTHER", "x"}};
  const auto is = without_file();
  ASSERT_TRUE(is);
  EXPECT_THAT(is->warnings,
              ::testing::ElementsAre(
                  AllOf(HasSubstr("TRAINYARD_GPU_BATCHSIZE"), HasSubstr("TRAINYARD_GPU_BATCH_SIZE?")),
                  AllOf(HasSubstr("TRAINYARD_QQQQQQQQ"), Not(HasSubstr("did you mean")))));
}

TEST_F(load, finds_the_users_file_by_the_xdg_rules) {
  EXPECT_EQ(user_config_file({}), std::nullopt);
  EXPECT_EQ(user_config_file({{"HOME", "/h"}, {"XDG_CONFIG_HOME", "/x"}}), "/x/trainyard/config.toml");
  const auto home = user_config_file({{"HOME", "/h"}, {"XDG_CONFIG_HOME", "relative"}});
  ASSERT_TRUE(home);
  EXPECT_TRUE(home->string().starts_with("/h/"));
  EXPECT_TRUE(home->string().ends_with("trainyard/config.toml"));
}

TEST_F(load, shows_values_with_their_origin) {
  flags = {{"run.out", "a \"b\""}};
  const auto is = without_file();
  ASSERT_TRUE(is);
  const auto text = show(*is, true);
  EXPECT_THAT(text, HasSubstr("[run]\nmodel = \"efficientnet-lite0\""));
  EXPECT_THAT(text, HasSubstr("out = \"a \\\"b\\\"\""));
  EXPECT_THAT(text, HasSubstr("# flag --out\n"));
  EXPECT_THAT(show(*is, false), Not(HasSubstr("#")));
}

TEST_F(load, what_is_shown_loads_again_to_the_same) {
  flags = {{"run.out", "a \"b\" \\ c"},
           {"device.gpu_batch_size", "8"},
           {"run.json", "yes"},
           {"cluster.root", "a=/x \"y\",b=/z"}};
  const auto is = without_file();
  ASSERT_TRUE(is);
  flags.clear();
  const auto again = from(show(*is, true));
  ASSERT_TRUE(again) << again.error().cause;
  EXPECT_EQ(show(*again, false), show(*is, false));
}

} // namespace
} // namespace trainyard
