// `trainyard run` with a decoder that crashes, hangs and eats memory on order: one image each, and the books
// close.
#include <gmock/gmock.h>

#include "tests/integration/run/run_bench.hpp"

namespace trainyard {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;

class run_with_lost_decoders : public testing::run_bench {
protected:
  [[nodiscard]] std::vector<std::string> arguments(const std::string& decoder) const {
    auto all = run_arguments(dir.path() / "orders", out());
    all.insert(all.end(),
               {"--decoder", decoder, "--decode-time-limit", "1s", "--decode-memory-limit", "128"});
    return all;
  }
  [[nodiscard]] std::map<std::string, std::string> reasons() const {
    std::map<std::string, std::string> found;
    std::istringstream lines(testing::content_of(out() / "failures.jsonl"));
    for (std::string line; std::getline(lines, line);) {
      const auto one = nlohmann::json::parse(line);
      found[one["asset"]] = one["code"].get<std::string>() + " " + one["reason"].get<std::string>();
    }
    return found;
  }
};

TEST_F(run_with_lost_decoders, each_costs_its_own_image_and_names_its_end) {
  for (int i = 0; i < 40; ++i)
    dir.write("orders/good_" + std::to_string(100 + i) + ".jpg", "good");
  for (const char* order : {"crash", "abort", "spin", "eat", "forge", "other_number", "poison"})
    for (int i = 0; i < 2; ++i)
      dir.write("orders/good_1" + std::to_string(i) + "5_" + order + ".jpg", order);
  const auto done = trainyard(arguments(TRAINYARD_PLANTED));
  EXPECT_EQ(done.status, 3) << done.err;
  const auto report = report_of(done);
  EXPECT_EQ(report["state"], "completed");
  EXPECT_EQ(report["total"], 54);
  EXPECT_EQ(report["embedded"], 44) << "40, and the two that forge and the two that poison the next one";
  EXPECT_EQ(report["failed"], 10);
  const auto why = reasons();
  EXPECT_THAT(why.at("good_105_crash.jpg"),
              HasSubstr("TY2105 the decoder ended by signal 11 (SIGSEGV) on this image"));
  EXPECT_THAT(why.at("good_115_abort.jpg"), HasSubstr("TY2105 the decoder ended by signal 6 (SIGABRT)"));
  EXPECT_THAT(why.at("good_105_spin.jpg"), HasSubstr("TY2106 the decoder took longer than 1 s"));
#if defined(__linux__) && !defined(__SANITIZE_ADDRESS__) &&                                                  \
    !defined(__SANITIZE_THREAD__) // where it is not limited
  EXPECT_THAT(why.at("good_115_eat.jpg"), HasSubstr("TY2107 the decoder needed more than 128 MiB"));
#endif
}

TEST_F(run_with_lost_decoders, a_missing_decoder_ends_the_run_at_its_start) {
  dir.write("orders/one.jpg", "good");
  const auto done = trainyard(arguments("/nowhere/trainyard-decode"));
  EXPECT_EQ(done.status, 69) << done.err;
  EXPECT_THAT(done.err, HasSubstr("/nowhere/trainyard-decode"));
  EXPECT_THAT(done.err, HasSubstr("code=TY1701"));
}

TEST_F(run_with_lost_decoders, a_decoder_that_never_gets_ready_ends_the_run_at_its_start) {
  dir.write("orders/one.jpg", "good");
  const auto done =
      trainyard(arguments(std::filesystem::exists("/bin/false") ? "/bin/false" : "/usr/bin/false"));
  EXPECT_EQ(done.status, 69) << done.err;
  EXPECT_THAT(done.err, HasSubstr("exit status 1 before its first image"));
}

TEST_F(run_with_lost_decoders, isolated_and_not_a_run_writes_the_same_bytes) {
  const auto isolated = dir.path() / "isolated";
  const auto plain = dir.path() / "plain";
  ASSERT_EQ(trainyard(run_arguments(photos(), isolated)).status, 0);
  auto without = run_arguments(photos(), plain);
  without.push_back("--no-decode-isolation");
  ASSERT_EQ(trainyard(without).status, 0);
  auto one = visible_bytes(isolated);
  auto other = visible_bytes(plain);
  one.erase("session.json"), other.erase("session.json"); // it holds the session's id and times
  EXPECT_EQ(one, other);
}

} // namespace
} // namespace trainyard
