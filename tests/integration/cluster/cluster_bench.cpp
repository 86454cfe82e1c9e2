// Arguments and environment; all state below the test's own folder.
#include "tests/integration/cluster/cluster_bench.hpp"

#include <csignal>
#include <iostream>

#include "tests/support/eventually.hpp"

namespace trainyard::testing {

using namespace std::chrono_literals;

namespace {
constexpr std::size_t most_shown = 4'000;
}

std::vector<std::string> cluster_bench::environment() const {
  return {"TRAINYARD_NATS=" + server.login().urls.front(), "TRAINYARD_NATS_TOKEN=" + server.login().token,
          "TRAINYARD_NATS_PREFIX=" + prefix, "XDG_CONFIG_HOME=" + (dir.path() / "config").string(),
          "XDG_STATE_HOME=" + (dir.path() / "state").string()};
}

child_process& cluster_bench::start_member(std::vector<std::string> arguments, const std::string& node,
                                           const std::vector<std::string>& extra) {
  const auto folder = dir.path() / (node + std::to_string(members_.size()));
  std::filesystem::create_directories(folder);
  arguments.insert(arguments.begin(), program);
  const auto& roots = arguments[1] == "worker" ? worker_roots : coordinator_roots;
  arguments.insert(arguments.end(), {"--node", node});
  arguments.insert(arguments.end(), roots.begin(), roots.end());
  arguments.insert(arguments.end(), extra.begin(), extra.end());
  names_.push_back(arguments[1] + " " + node);
  return members_.emplace_back(folder, std::move(arguments), environment());
}

child_process& cluster_bench::coordinator(const std::string& node, const std::vector<std::string>& extra) {
  return start_member({"coordinator", "--output-root", (dir.path() / "out").string(), "--shard-rows", "24"},
                      node, extra);
}

child_process& cluster_bench::worker(const std::string& node, const std::vector<std::string>& extra) {
  return start_member({"worker"}, node, extra);
}

finished_process cluster_bench::client(std::vector<std::string> arguments) const {
  const auto folder = dir.path() / "client";
  std::filesystem::create_directories(folder);
  arguments.insert(arguments.begin(), program);
  child_process asking(folder, std::move(arguments), environment());
  auto answered = asking.wait(180s);
  EXPECT_TRUE(answered) << "still running: " << asking.err_so_far();
  return answered.value_or(finished_process{});
}

std::unique_ptr<child_process> cluster_bench::start_client(std::vector<std::string> arguments) const {
  const auto folder = dir.path() / "started-client";
  std::filesystem::create_directories(folder);
  arguments.insert(arguments.begin(), program);
  return std::make_unique<child_process>(folder, std::move(arguments), environment());
}

nlohmann::json cluster_bench::status(const std::string& session) const {
  const auto said = client({"status", session, "--json"});
  auto parsed = nlohmann::json::parse(said.out, nullptr, false);
  return parsed.is_object() ? parsed : nlohmann::json{{"error", said.err}, {"state", ""}, {"embedded", 0}};
}

bool cluster_bench::reaches(const std::string& session, const std::string& state,
                            std::chrono::milliseconds deadline) const {
  return eventually(deadline, [&] { return status(session)["state"] == state; });
}

std::uint64_t cluster_bench::embedded(const std::string& session) const {
  return status(session)["embedded"];
}

int cluster_bench::submit(const std::string& session, const std::vector<std::string>& extra) const {
  std::vector<std::string> arguments{"submit",       ".",     "--root",       "photos",
                                     "--session-id", session, "--batch-size", "4"};
  arguments.insert(arguments.end(), extra.begin(), extra.end());
  return client(std::move(arguments)).status;
}

std::map<std::string, std::string> cluster_bench::undisturbed() const {
  const auto to = dir.path() / "undisturbed";
  EXPECT_EQ(trainyard(run_arguments(photos(), to)).status, 0);
  return vectors_and_metadata(visible_bytes(to));
}

std::map<std::string, std::string>
cluster_bench::vectors_and_metadata(std::map<std::string, std::string> files) {
  files.erase("session.json");
  return files;
}

void cluster_bench::TearDown() {
  if (!HasFailure())
    return;
  auto name = names_.begin();
  for (const auto& each : members_) {
    const auto said = each.err_so_far();
    std::cerr << "---- " << *name++ << ":\n" << said.substr(said.size() - std::min(said.size(), most_shown));
  }
}

void cluster_bench::kill(child_process& which) {
  which.signal(SIGKILL);
  EXPECT_TRUE(which.wait(20s));
}

} // namespace trainyard::testing
