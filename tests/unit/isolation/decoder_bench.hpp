// A root full of orders for the planted decoder, and looks at this process's children and descriptors.
#pragma once

#include <cerrno>
#include <filesystem>
#include <iterator>
#include <memory>
#include <string>

#include <gtest/gtest.h>
#include <sys/wait.h>

#include "actors/device/isolation/decoder_pool.hpp"
#include "tests/support/temp_dir.hpp"

namespace trainyard::testing {

class decoder_bench : public ::testing::Test {
protected:
  decoder_bench() { settings.program = TRAINYARD_PLANTED; }

  [[nodiscard]] std::unique_ptr<isolated_reader> make_reader() {
    auto made = isolated_reader::make(settings, spec, stopping, {});
    EXPECT_TRUE(made) << made.error().cause;
    return std::move(*made);
  }
  /// Reads a file whose content is `order`.
  [[nodiscard]] result<prepared_image> read(isolated_reader& reader, const std::string& order) {
    folder.write(order, order);
    stage_seconds seconds;
    return reader.read(root, order, seconds);
  }
  [[nodiscard]] static std::size_t open_descriptors() {
    const std::filesystem::directory_iterator all("/dev/fd");
    return static_cast<std::size_t>(std::distance(begin(all), end(all)));
  }
  /// Neither running nor unreaped.
  [[nodiscard]] static bool has_children() { return ::waitpid(-1, nullptr, WNOHANG) >= 0 || errno != ECHILD; }

  temp_dir folder;
  root_directory root = std::move(*root_directory::open(folder.path()));
  decoder_settings settings;
  image_spec spec;
  std::atomic<bool> stopping = false;
};

} // namespace trainyard::testing
