// Decoders live no longer than who started them, however that ends.
#ifdef __linux__
#include <csignal>
#include <fstream>

#include <gtest/gtest.h>

#include "tests/integration/run/run_bench.hpp"
#include "tests/support/eventually.hpp"

namespace trainyard {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using testing::eventually;

class decoder_lifetime : public testing::run_bench {
protected:
  /// Children of `parent` that run `decoder`.
  [[nodiscard]] static std::vector<pid_t> decoders_of(pid_t parent, const fs::path& decoder) {
    std::vector<pid_t> found;
    for (const auto& each : fs::directory_iterator("/proc")) {
      std::error_code not_ours;
      if (fs::read_symlink(each.path() / "exe", not_ours) != fs::canonical(decoder))
        continue;
      std::ifstream status(each.path() / "status");
      for (std::string line; std::getline(status, line);)
        if (line == "PPid:\t" + std::to_string(parent))
          found.push_back(std::stoi(each.path().filename().string()));
    }
    return found;
  }
  [[nodiscard]] std::vector<std::string> arguments(const fs::path& images) const {
    auto all = run_arguments(images, out());
    all.insert(all.end(), {"--decode-threads", "2"});
    return all;
  }
  [[nodiscard]] static bool none_lives(const std::vector<pid_t>& all) {
    return std::ranges::all_of(all, [](pid_t each) { return !fs::exists("/proc/" + std::to_string(each)); });
  }
  /// Ends a run by `signal` while both its decoders are at work.
  void end_by(int signal, const std::vector<std::string>& command, const fs::path& decoder) {
    auto running = start(command);
    std::vector<pid_t> decoders;
    ASSERT_TRUE(eventually(60s, [&] {
      decoders = decoders_of(running.pid(), decoder);
      return decoders.size() == 2 || !running.running();
    }));
    ASSERT_EQ(decoders.size(), 2U) << running.err_so_far();
    running.signal(signal);
    ASSERT_TRUE(running.wait(20s));
    EXPECT_TRUE(eventually(5s, [&] { return none_lives(decoders); })) << "a decoder outlived its run";
  }
};

TEST_F(decoder_lifetime, killed_with_sigkill_a_run_leaves_no_decoder) {
  end_by(SIGKILL, arguments(photos()), TRAINYARD_DECODER);
}

TEST_F(decoder_lifetime, interrupted_a_run_leaves_no_decoder) {
  end_by(SIGINT, arguments(photos()), TRAINYARD_DECODER);
}

TEST_F(decoder_lifetime, a_decoder_that_hangs_outlives_neither_a_killed_run_nor_an_interrupted_one) {
  for (int i = 0; i < 8; ++i)
    dir.write("orders/" + std::to_string(i) + ".jpg", "spin");
  auto hanging = arguments(dir.path() / "orders");
  hanging.insert(hanging.end(), {"--decoder", TRAINYARD_PLANTED});
  end_by(SIGKILL, hanging, TRAINYARD_PLANTED);
  end_by(SIGINT, hanging, TRAINYARD_PLANTED);
}

} // namespace
} // namespace trainyard
#endif
