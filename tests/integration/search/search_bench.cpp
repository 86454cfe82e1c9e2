#include "tests/integration/search/search_bench.hpp"

namespace trainyard::testing {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

namespace {

/// A bench that runs no test: the folder is embedded by the same program in the same way.
class embedding : public run_bench {
public:
  embedding(const fs::path& from, const fs::path& to) : done_(trainyard(run_arguments(from, to))) {}
  void TestBody() override {}
  finished_process done_;
};

} // namespace

std::unique_ptr<temp_dir> search_bench::embedded_;

void search_bench::SetUpTestSuite() {
  run_bench::SetUpTestSuite();
  embedded_ = std::make_unique<temp_dir>();
  const embedding made(photos(), vectors());
  ASSERT_EQ(made.done_.status, 0) << made.done_.err;
}

void search_bench::TearDownTestSuite() {
  embedded_.reset();
  run_bench::TearDownTestSuite();
}

fs::path search_bench::own_copy() const {
  fs::copy(vectors(), out(), fs::copy_options::recursive);
  return out();
}

finished_process search_bench::python(std::vector<std::string> arguments) const {
  arguments.insert(arguments.begin(), TRAINYARD_PYTHON);
  child_process running(dir.path(), std::move(arguments));
  return running.wait(120s).value_or(finished_process{});
}

} // namespace trainyard::testing
