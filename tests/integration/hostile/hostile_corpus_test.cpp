// The whole corpus, files and names, through the worker's reading path and through `trainyard run`: every
// entry ends as the table says, and none takes another one with it.
#include <map>
#include <sstream>

#include <gmock/gmock.h>

#include "actors/device/image/printable.hpp"
#include "actors/device/isolation/decoder_pool.hpp"
#include "actors/disk/sha256.hpp"
#include "tests/integration/hostile/hostile_paths.hpp"
#include "tests/integration/run/run_bench.hpp"
#include "tests/support/generated_page.hpp"
#include "tests/unit/image/corpus.hpp"

namespace trainyard {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

struct hostile_case {
  std::string path;
  std::string how;
  std::string expected; ///< "embedded" or kinds separated by |
  bool is_listed = true;
};

std::string code_named(const std::string& name) {
  static const std::map<std::string, failure_kind> kinds{
      {"asset_missing", failure_kind::asset_missing},
      {"asset_denied", failure_kind::asset_denied},
      {"asset_outside_root", failure_kind::asset_outside_root},
      {"asset_not_a_file", failure_kind::asset_not_a_file},
      {"asset_empty", failure_kind::asset_empty},
      {"asset_too_large", failure_kind::asset_too_large},
      {"asset_io", failure_kind::asset_io},
      {"image_unsupported", failure_kind::image_unsupported},
      {"image_truncated", failure_kind::image_truncated},
      {"image_corrupt", failure_kind::image_corrupt},
      {"image_too_many_pixels", failure_kind::image_too_many_pixels},
  };
  return name == "embedded" || name == "or_decoded" ? "embedded" : code_of(kinds.at(name));
}

/// `outcome` is "embedded" or a code.
bool is_expected(const hostile_case& of, const std::string& outcome) {
  std::istringstream names(of.expected);
  for (std::string name; std::getline(names, name, '|');)
    if (code_named(name) == outcome)
      return true;
  return false;
}

class hostile : public testing::run_bench {
protected:
  /// Fills `folder()` with everything; files of the corpus stand in files/.
  std::vector<hostile_case> make() {
    std::vector<hostile_case> all;
    fs::create_directories(folder());
    fs::copy(testing::corpus_folder(), folder() / "files");
    for (const auto& each : fs::directory_iterator(folder() / "files"))
      if (const auto extension = each.path().extension();
          extension == ".rgb" || extension == ".square" || extension == ".tsv")
        fs::remove(each.path()); // the oracle's
    for (const auto& each : testing::corpus_cases())
      all.push_back({"files/" + each.name, "", each.is_good() ? "embedded" : each.expected});
    for (const auto& each : testing::hostile_paths(a_jpeg())) {
      each.make(folder());
      all.push_back({each.path, each.how, each.expected, each.is_listed});
    }
    return all;
  }
  [[nodiscard]] fs::path folder() const { return dir.path() / "hostile"; }
};

TEST_F(hostile, every_entry_ends_as_the_table_says_when_a_worker_reads_it) {
  const auto all = make();
  decoder_settings settings;
  settings.program = TRAINYARD_DECODER;
  const auto decoders = decoder_pool::start(settings, 1, {}, {});
  ASSERT_TRUE(decoders) << decoders.error().cause;
  const auto root = root_directory::open(folder());
  ASSERT_TRUE(root);
  for (const auto& each : all) {
    stage_seconds seconds;
    const auto begin = std::chrono::steady_clock::now();
    const auto image = (*decoders)->read(*root, each.path, seconds);
    EXPECT_TRUE(is_expected(each, image ? "embedded" : code_of(image.error().kind)))
        << printable(each.path) << " was to be " << each.expected << " and is "
        << (image ? "embedded" : code_of(image.error().kind) + ", " + image.error().cause);
    EXPECT_LT(std::chrono::steady_clock::now() - begin, 10s) << printable(each.path);
  }
}

TEST_F(hostile, one_run_over_all_of_it_closes_its_books_and_every_entry_ends_as_the_table_says) {
  const auto all = make();
  const auto done = trainyard(run_arguments(folder(), out()));
  ASSERT_EQ(done.status, 3) << done.err;
  const auto report = report_of(done);
  EXPECT_EQ(report["state"], "completed");
  EXPECT_EQ(report["embedded"].get<int>() + report["failed"].get<int>(), report["total"].get<int>());
  testing::child_process looking(dir.path(),
                                 {TRAINYARD_PYTHON, "tests/integration/hostile/outcomes.py", out().string()});
  const auto looked = looking.wait(60s);
  ASSERT_TRUE(looked && looked->status == 0) << (looked ? looked->err : "too slow");
  const auto outcomes = nlohmann::json::parse(looked->out);
  EXPECT_EQ(outcomes.size(), report["total"].get<std::size_t>());
  std::size_t found = 0;
  for (const auto& each : all) {
    const auto outcome = outcomes.find(asset_id_of(each.path));
    if (outcome == outcomes.end()) {
      // Not listed at all: nothing promised an image there.
      EXPECT_TRUE(!each.is_listed || each.expected == "image_unsupported" ||
                  each.expected == "image_truncated")
          << printable(each.path);
      continue;
    }
    ++found;
    EXPECT_TRUE(is_expected(each, outcome->get<std::string>()))
        << printable(each.path) << " was to be " << each.expected << " and is " << *outcome;
  }
  EXPECT_EQ(found, outcomes.size()) << "the run embedded something that is not in the table";
}

[[maybe_unused]] std::string cell(std::string text) {
  for (auto at = text.find('|'); at != std::string::npos; at = text.find('|', at + 4))
    text.replace(at, 1, " or ");
  return text;
}

#ifdef __linux__ // elsewhere some names cannot be told apart, and the table lacks them
TEST_F(hostile, the_table_stands_in_the_docs) {
  std::ostringstream page;
  page << "# The hostile corpus\n\n"
          "What `tests/integration/hostile` puts into one folder, and how each entry ends: embedded, or with "
          "a failure\n"
          "of its own ([errors.md](errors.md)). Written by the test itself; "
          "[hostile-input.md](hostile-input.md) says\n"
          "what it is for.\n\n## Names, links and things that are no files\n\n"
          "| path | made as | ends |\n|---|---|---|\n";
  for (const auto& each : testing::hostile_paths("photo"))
    if (each.path != "denied.jpg") // root cannot make it
      page << "| `" << cell(printable(each.path)) << "` | " << each.how << " | " << cell(each.expected)
           << " |\n";
  page << "\n## Files\n\nMade by `tests/unit/image/corpus_*.py`, at once and from fixed seeds. `or_decoded`: "
          "the damage may "
          "leave the\npixels whole.\n\n| file | ends |\n|---|---|\n";
  for (const auto& each : testing::corpus_cases())
    page << "| `" << each.name << "` | " << (each.is_good() ? "embedded" : cell(each.expected)) << " |\n";
  testing::expect_generated("docs/hostile-corpus.md", page.str());
}
#endif

} // namespace
} // namespace trainyard
