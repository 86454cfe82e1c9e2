// The table keeps its own rules, and default.toml is what the table says.
#include "config/options.hpp"

#include <algorithm>
#include <fstream>
#include <set>
#include <sstream>

#include <gtest/gtest.h>

#include "config/load.hpp"
#include "config/parse_value.hpp"
#include "tests/support/temp_dir.hpp"

namespace trainyard {
namespace {

TEST(options, names_are_unique_and_keys_have_a_section) {
  std::set<std::string> seen;
  for (const auto& each : options()) {
    EXPECT_TRUE(seen.emplace(each.key).second) << each.key;
    EXPECT_TRUE(seen.emplace(each.flag).second) << each.flag;
    EXPECT_TRUE(seen.insert(environment_name(each)).second) << each.flag;
    EXPECT_EQ(std::ranges::count(each.key, '.'), 1) << each.key;
    EXPECT_TRUE(each.flag.starts_with("--")) << each.flag;
    EXPECT_TRUE(each.sentence.ends_with('.')) << each.key;
  }
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
  std::ifstream in("config/default.toml", std::ios::binary);
  std::stringstream text;
  text << in.rdbuf();
  EXPECT_EQ(text.str(), to_toml()) << "write to_toml() to config/default.toml";
}

TEST(options, default_toml_loads_and_changes_nothing) {
  const auto read = load_settings({.flags = {}, .variables = {}, .config_file = "config/default.toml"});
  ASSERT_TRUE(read) << read.error().cause;
  EXPECT_EQ(show(*read, false), show(settings{}, false));
}

} // namespace
} // namespace trainyard
