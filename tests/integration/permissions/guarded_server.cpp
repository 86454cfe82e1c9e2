// The file as it stands; addresses come from the command line, passwords and the store from the environment.
#include "tests/integration/permissions/guarded_server.hpp"

#include <sstream>
#include <stdexcept>

#include <nlohmann/json.hpp>

#include "nodes/nats/server_files.hpp"
#include "tests/support/eventually.hpp"

namespace trainyard::testing {

namespace {

using namespace std::chrono_literals;

std::string password_of(const std::string& role) {
  return role + "-password";
}

std::vector<std::string> passwords_and(const std::string& another) {
  return {another,
          "NATS_COORDINATOR_PASSWORD=" + password_of("coordinator"),
          "NATS_WORKER_PASSWORD=" + password_of("worker"),
          "NATS_SUBMITTER_PASSWORD=" + password_of("submitter"),
          "NATS_VIEWER_PASSWORD=" + password_of("viewer"),
          "NATS_GATEWAY_PASSWORD=" + password_of("gateway")};
}

} // namespace

guarded_server::guarded_server(const std::filesystem::path& config, std::filesystem::path certificates)
    : certificates_(std::move(certificates)) {
  const auto binary = find_nats_server({});
  if (!binary)
    throw std::runtime_error(binary.error().cause);
  std::filesystem::create_directories(home_.path() / "ports");
  process_.emplace(home_.path(),
                   std::vector<std::string>{binary->string(), "-c", config.string(), "-a", "127.0.0.1", "-p",
                                            "-1", "-m", "-1", "--ports_file_dir",
                                            (home_.path() / "ports").string()},
                   passwords_and("NATS_STORE=" + (home_.path() / "store").string()));
  if (!eventually(10s, [&] { return learn_url() || !process_->running(); }) || !process_->running())
    throw std::runtime_error("nats-server does not come up: " + process_->err_so_far());
}

bool guarded_server::learn_url() {
  for (const auto& each : std::filesystem::directory_iterator(home_.path() / "ports")) {
    const auto parsed = nlohmann::json::parse(content_of(each.path()), nullptr, false);
    if (!parsed.is_object() || !parsed.contains("nats") || parsed["nats"].empty())
      continue;
    url_ = parsed["nats"][0].get<std::string>();
    return true;
  }
  return false;
}

connection_options guarded_server::login(const std::string& role) const {
  connection_options with;
  with.urls = {url_};
  with.user = role;
  with.password = password_of(role);
  with.inbox_prefix = "_INBOX_" + role;
  with.tls_ca_file = certificates_.string();
  return with;
}

std::vector<std::string> guarded_server::environment_of(const std::string& role) const {
  return {"TRAINYARD_NATS=" + url_, "TRAINYARD_NATS_USER=" + role,
          "TRAINYARD_NATS_PASSWORD=" + password_of(role), "TRAINYARD_NATS_INBOX_PREFIX=_INBOX_" + role,
          "TRAINYARD_NATS_TLS_CA=" + certificates_.string()};
}

std::vector<std::string> guarded_server::violations() const {
  std::vector<std::string> found;
  std::istringstream log(process_->err_so_far());
  for (std::string line; std::getline(log, line);)
    if (line.find("Violation") != std::string::npos)
      found.push_back(line);
  return found;
}

} // namespace trainyard::testing
