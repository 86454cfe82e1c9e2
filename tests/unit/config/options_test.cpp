// The table keeps its own rules, and default.toml is what the table says.
#include "config/options.hpp"

#include <algorithm>
#include <set>

#include <gtest/gtest.h>

#include "config/commands.hpp"
#include "config/load.hpp"
#include "config/parse_value.hpp"
#include "tests/support/generated_page.hpp"

namespace trainyard {
namespace {

TEST(options, names_are_unique_and_keys_have_a_section) {
  std::set<std::string> seen;
  for (const auto& each : options()) {
    EXPECT_TRUE(seen.emplace(each.key).second) << each.key;
    EXPECT_TRUE(seen.insert(environment_name(each)).second) << each.key;
    EXPECT_EQ(std::ranges::count(each.key, '.'), 1) << each.key;
    EXPECT_TRUE(each.sentence.ends_with('.')) << each.key;
  }
}

TEST(options, sections_stand_together) {
  std::set<std::string_view> ended;
  std::string_view last;
  for (const auto& each : options()) {
    const auto section = each.key.substr(0, each.key.find('.'));
    if (section != last) {
      EXPECT_TRUE(ended.insert(section).second) << each.key;
    }
    last = section;
  }
}

TEST(options, flags_are_unique_within_every_command) {
  for (const auto& command : commands()) {
    std::set<std::string_view> flags;
    for (const auto& each : options())
      if (takes(command, each) && !each.flag.empty()) {
        EXPECT_TRUE(flags.insert(each.flag).second) << command.name << " " << each.flag;
      }
  }
}

TEST(options, every_option_belongs_to_a_command_and_every_name_of_a_command_to_an_option) {
  for (const auto& each : options())
    EXPECT_TRUE(std::ranges::any_of(commands(), [&](const command& of) { return takes(of, each); }))
        << each.key;
  for (const auto& of : commands()) {
    for (const auto key : of.keys)
      EXPECT_TRUE(find_option(key)) << of.name << " " << key;
    for (const auto section : of.sections)
      EXPECT_TRUE(std::ranges::any_of(
          options(), [&](const option& each) { return each.key.starts_with(std::string(section) + "."); }))
          << of.name << " " << section;
  }
}

TEST(options, only_a_secret_has_no_flag) {
  for (const auto& each : options()) {
    EXPECT_EQ(each.flag.empty(), each.secret) << each.key;
    EXPECT_TRUE(each.secret || each.flag.starts_with("--")) << each.key;
    EXPECT_TRUE(environment_name(each).starts_with("TRAINYARD_")) << each.key;
  }
}

TEST(options, that_share_a_flag_differ_in_their_variables) {
  EXPECT_EQ(find_option("cluster.root")->flag, find_option("job.root")->flag);
  EXPECT_EQ(environment_name(*find_option("cluster.root")), "TRAINYARD_ROOT");
  EXPECT_EQ(environment_name(*find_option("job.root")), "TRAINYARD_JOB_ROOT");
}

TEST(options, every_default_passes_its_own_check_and_reads_back_the_same) {
  for (const auto& each : options()) {
    const auto value = parse_value(each, each.standard);
    ASSERT_TRUE(value) << each.key << " " << value.error();
    const auto again = parse_value(each, text_of(each, *value));
    ASSERT_TRUE(again) << each.key;
    EXPECT_EQ(*again, *value) << each.key;
  }
}

TEST(options, the_older_services_names_stand_beside_our_own) {
  const auto* size = find_option("device.gpu_batch_size");
  ASSERT_TRUE(size);
  EXPECT_EQ(environment_name(*size), "TRAINYARD_GPU_BATCH_SIZE");
  EXPECT_EQ(size->legacy_environment, "GPU_BATCH_SIZE");
  EXPECT_EQ(find_option("device.gpu_memory_cleanup")->legacy_environment, "GPU_MEMORY_CLEANUP_ENABLED");
  EXPECT_EQ(find_option("device.gpu_memory_cleanup_interval")->legacy_environment,
            "GPU_MEMORY_CLEANUP_INTERVAL");
}

TEST(options, nearest_key_knows_misspelt_names_sections_and_bare_names) {
  EXPECT_EQ(nearest_key("device.gpu_batchsize"), "device.gpu_batch_size");
  EXPECT_EQ(nearest_key("devcie.prefetch"), "device.prefetch");
  EXPECT_EQ(nearest_key("model"), "run.model");
  EXPECT_EQ(nearest_key("run.gpu-batch-size"), "device.gpu_batch_size");
  EXPECT_EQ(nearest_key("zzzzzzzzzz"), std::nullopt);
  EXPECT_EQ(nearest_key(""), std::nullopt);
  EXPECT_EQ(nearest_key(std::string(100'000, 'a')), std::nullopt);
}

TEST(options, default_toml_is_what_the_table_says) {
  testing::expect_generated("config/default.toml", to_toml());
}

TEST(options, default_toml_loads_and_changes_nothing) {
  const auto read = load_settings({.flags = {}, .variables = {}, .config_file = "config/default.toml"});
  ASSERT_TRUE(read) << read.error().cause;
  EXPECT_EQ(show(*read, false), show(settings{}, false));
}

} // namespace
} // namespace trainyard
