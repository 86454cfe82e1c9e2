// A cluster as its owners run it: a nats-server, coordinators and workers as processes of the real binary,
// the commands of a client.
#pragma once

#include <filesystem>
#include <list>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "tests/integration/nats/hand_server.hpp"
#include "tests/integration/run/run_bench.hpp"

namespace trainyard::testing {

class cluster_bench : public run_bench {
protected:
  /// `extra`: more arguments. Returns at once; its output stands below `dir` under that name.
  child_process& coordinator(const std::string& node, const std::vector<std::string>& extra = {});
  child_process& worker(const std::string& node, const std::vector<std::string>& extra = {});
  /// A client's command to its end.
  [[nodiscard]] finished_process client(std::vector<std::string> arguments) const;
  /// One that is not waited for.
  [[nodiscard]] std::unique_ptr<child_process> start_client(std::vector<std::string> arguments) const;
  /// Every field of the session's status; an object with "error" where there is none.
  [[nodiscard]] nlohmann::json status(const std::string& session) const;
  [[nodiscard]] bool reaches(const std::string& session, const std::string& state,
                             std::chrono::milliseconds deadline = std::chrono::seconds(90)) const;
  [[nodiscard]] std::uint64_t embedded(const std::string& session) const;
  /// submit with small batches and shards; returns its exit status.
  int submit(const std::string& session, const std::vector<std::string>& extra = {}) const;
  [[nodiscard]] std::filesystem::path out_of(const std::string& session) const {
    return dir.path() / "out" / session;
  }
  /// What an undisturbed `run` writes for the same photos.
  [[nodiscard]] std::map<std::string, std::string> undisturbed() const;
  /// The files that a session must have whatever happened to it; session.json has its own id, so it is left
  /// out.
  [[nodiscard]] static std::map<std::string, std::string>
  vectors_and_metadata(std::map<std::string, std::string> files);
  /// Kills -9 and reaps.
  static void kill(child_process& which);

  /// Of members and clients: the way to the server, and folders of the test's own.
  [[nodiscard]] std::vector<std::string> environment() const;

  hand_server server;
  /// Of every member started from now on.
  std::vector<std::string> coordinator_roots{"--root", "photos=" + photos().string()};
  std::vector<std::string> worker_roots = coordinator_roots;
  std::string prefix = "trainyard"; ///< of members and clients started from now on

  void TearDown() override; ///< a failed test shows what its members said

private:
  child_process& start_member(std::vector<std::string> arguments, const std::string& node,
                              const std::vector<std::string>& extra);
  std::list<child_process> members_;
  std::vector<std::string> names_; ///< of the members
};

} // namespace trainyard::testing
