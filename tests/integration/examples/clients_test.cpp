// The example clients of docs/clients, run as their pages say, under the submitter's user.
#include <csignal>

#include <gmock/gmock.h>

#include "tests/integration/permissions/guarded_fleet.hpp"

namespace trainyard::testing {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using words = std::vector<std::string>;

class clients : public guarded_fleet {
protected:
  [[nodiscard]] finished_process run_client(words program_and_arguments) const {
    auto variables = with_login("submitter");
    variables.emplace_back("NODE_PATH=" TRAINYARD_NODE_MODULES);
    program_and_arguments.insert(program_and_arguments.begin(), "/usr/bin/env");
    child_process running(dir.path(), std::move(program_and_arguments), std::move(variables));
    const auto finished = running.wait(120s);
    EXPECT_TRUE(finished) << "still running: " << running.err_so_far();
    return finished.value_or(finished_process{});
  }
  [[nodiscard]] finished_process python(words arguments) const {
    arguments.insert(arguments.begin(), {TRAINYARD_PYTHON, "docs/clients/client.py"});
    return run_client(std::move(arguments));
  }
  [[nodiscard]] finished_process node(words arguments) const {
    arguments.insert(arguments.begin(), {"node", "docs/clients/client.js"});
    return run_client(std::move(arguments));
  }
  [[nodiscard]] finished_process shell(words arguments) const {
    arguments.insert(arguments.begin(), {"bash", "docs/clients/leave_job.sh"});
    return run_client(std::move(arguments));
  }
  [[nodiscard]] bool python_can() const {
    return run_client({TRAINYARD_PYTHON, "-c", "import nats, msgpack"}).status == 0;
  }
  [[nodiscard]] bool node_can() const { return run_client({"node", "-e", "require('nats')"}).status == 0; }

  /// As it is when a fleet has run once and its coordinator is down: the streams stand, nobody answers.
  void make_streams() const {
    const auto boss = coordinator();
    boss->signal(SIGTERM);
    ASSERT_EQ(boss->wait(30s).value_or(finished_process{}).status, 0);
  }
  static void expect_completed(const finished_process& waited) {
    EXPECT_EQ(waited.status, 0) << waited.err;
    EXPECT_THAT(waited.out, HasSubstr("completed 96 embedded, 0 failed"));
  }
};

TEST_F(clients, jobs_that_python_leaves_as_json_and_as_msgpack_without_a_coordinator_complete_later) {
  if (!python_can())
    GTEST_SKIP() << "build/venv lacks what ops/requirements-clients.txt names: run ops/setup";
  make_streams();
  EXPECT_EQ(python({"leave", "as-json", ".", "--root", "photos"}).out, "as-json\n");
  EXPECT_EQ(python({"leave", "as-msgpack", ".", "--root", "photos", "--msgpack"}).out, "as-msgpack\n");
  EXPECT_THAT(python({"submit", "."}).err, HasSubstr("no coordinator answers"));
  const auto boss = coordinator();
  const auto hand = worker();
  expect_completed(python({"wait", "as-json"}));
  expect_completed(python({"wait", "as-msgpack"}));
  EXPECT_EQ(check_folder(photos(), out() / "as-msgpack")["rows"], 96);
  EXPECT_THAT(server.violations(), IsEmpty());
}

TEST_F(clients, python_submits_waits_and_lists_failures_by_name) {
  if (!python_can())
    GTEST_SKIP() << "build/venv lacks what ops/requirements-clients.txt names: run ops/setup";
  const auto boss = coordinator();
  const auto hand = worker();
  auto id = python({"submit", "/nowhere"});
  EXPECT_EQ(id.status, 1);
  EXPECT_THAT(id.err, HasSubstr("TY1101"));
  id = python({"submit", ".", "--root", "photos"});
  ASSERT_EQ(id.status, 0) << id.err;
  id.out.pop_back(); // the line's end
  expect_completed(python({"wait", id.out}));
  const auto failures = python({"failures", id.out});
  EXPECT_EQ(failures.status, 0) << failures.err;
  EXPECT_THAT(failures.out, IsEmpty());
}

TEST_F(clients, javascript_leaves_submits_waits_and_lists_failures) {
  if (!node_can())
    GTEST_SKIP() << "no node with the package nats: npm install --prefix build/clients nats@2";
  make_streams();
  EXPECT_EQ(node({"leave", "from-node", ".", "photos"}).out, "from-node\n");
  const auto refused = node({"submit", "."});
  EXPECT_EQ(refused.status, 1);
  EXPECT_THAT(refused.err, HasSubstr("no coordinator"));
  const auto boss = coordinator();
  const auto hand = worker();
  expect_completed(node({"wait", "from-node"}));
  auto id = node({"submit", ".", "photos"});
  ASSERT_EQ(id.status, 0) << id.err;
  id.out.pop_back();
  expect_completed(node({"wait", id.out}));
  EXPECT_EQ(node({"failures", id.out}).status, 0);
  EXPECT_THAT(server.violations(), IsEmpty());
}

TEST_F(clients, a_job_that_bash_leaves_is_stored_and_completes) {
  const auto early = shell({"early", ".", "photos"});
  EXPECT_EQ(early.status, 1);
  EXPECT_THAT(early.err, HasSubstr("no stream"));
  make_streams();
  const auto left = shell({"from-bash", ".", "photos"});
  ASSERT_EQ(left.out, "from-bash\n") << left.err;
  const auto boss = coordinator();
  const auto hand = worker();
  const auto watched = run_as("submitter", {"watch", "from-bash", "--progress", "none"});
  EXPECT_EQ(watched.status, 0) << watched.err;
  EXPECT_EQ(check_folder(photos(), out() / "from-bash")["rows"], 96);
}

} // namespace
} // namespace trainyard::testing
