// The script that makes the default model's folder: what is missing or stale is made again, what is right
// stays.
#include <gtest/gtest.h>

#include "actors/device/model/golden_reference.hpp"
#include "tests/support/temp_dir.hpp"
#include "tests/unit/model/photos.hpp"

namespace trainyard {
namespace {

using namespace trainyard::testing;
namespace fs = std::filesystem;

class converter : public ::testing::Test {
protected:
  converter() { fs::copy(lite0_folder, folder(), fs::copy_options::recursive); }

  [[nodiscard]] fs::path folder() const { return dir_.path() / "model"; }
  [[nodiscard]] fs::path golden() const { return folder() / "golden.safetensors"; }
  [[nodiscard]] bool convert() const {
    const auto command = std::string(TRAINYARD_PYTHON) + " ops/convert_efficientnet_lite0.py " +
                         folder().string() + " >/dev/null";
    return std::system(command.c_str()) == 0;
  }

private:
  temp_dir dir_;
};

TEST_F(converter, leaves_a_complete_folder_alone) {
  const auto before = fs::last_write_time(folder() / "config.json");
  ASSERT_TRUE(convert());
  EXPECT_EQ(fs::last_write_time(folder() / "config.json"), before);
}

TEST_F(converter, makes_a_missing_golden_file_again) {
  fs::remove(golden());
  ASSERT_TRUE(convert());
  ASSERT_TRUE(fs::exists(golden()));
  EXPECT_TRUE(golden_set_of(folder()).has_value());
}

TEST_F(converter, makes_a_stale_golden_file_again) {
  auto bytes = values_in<char>(golden());
  bytes.back() ^= 1;
  std::ofstream(golden(), std::ios::binary).write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  ASSERT_FALSE(golden_set_of(folder()).has_value()) << "the damage must be noticed";
  ASSERT_TRUE(convert());
  EXPECT_TRUE(golden_set_of(folder()).has_value());
}

} // namespace
} // namespace trainyard
