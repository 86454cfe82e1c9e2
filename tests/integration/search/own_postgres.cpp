#include "tests/integration/search/own_postgres.hpp"

#include <algorithm>
#include <memory>
#include <vector>

#include <unistd.h>

#include "tests/support/free_port.hpp"

namespace trainyard::testing {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

namespace {

constexpr const char* user =
    "postgres"; ///< of the cluster; as root also the system's, as the server refuses root

std::optional<fs::path> server_programs() {
  std::vector<fs::path> places;
  std::error_code ignored;
  for (const auto& each : fs::directory_iterator("/usr/lib/postgresql", ignored))
    places.push_back(each.path() / "bin");
  for (const char* prefix : {"/opt/homebrew/opt", "/usr/local/opt"})
    for (const auto& each : fs::directory_iterator(prefix, ignored))
      if (each.path().filename().string().starts_with("postgresql"))
        places.push_back(each.path() / "bin");
  std::erase_if(places, [&](const fs::path& each) { return !fs::exists(each / "initdb", ignored); });
  return places.empty() ? std::nullopt : std::optional(*std::ranges::max_element(places));
}

} // namespace

finished_process own_postgres::run(const std::string& tool, std::vector<std::string> arguments) const {
  arguments.insert(arguments.begin(), (programs_ / tool).string());
  if (::geteuid() == 0 && tool != "psql")
    arguments.insert(arguments.begin(), {"/usr/sbin/runuser", "-u", user, "--"});
  child_process running(dir_.path(), std::move(arguments));
  return running.wait(60s).value_or(finished_process{});
}

std::unique_ptr<own_postgres> own_postgres::start() {
  const auto programs = server_programs();
  std::error_code ignored;
  if (!programs || (::geteuid() == 0 && !fs::exists("/usr/sbin/runuser", ignored)))
    return nullptr;
  std::unique_ptr<own_postgres> made(new own_postgres);
  made->programs_ = *programs;
  made->port_ = free_port();
  fs::permissions(made->dir_.path(), fs::perms::all); // the server's user makes its folders in it
  const auto cluster = (made->dir_.path() / "cluster").string();
  if (made->run("initdb", {"-D", cluster, "-U", user, "-A", "trust", "-E", "UTF8", "--no-sync", "--locale=C"})
          .status != 0)
    return nullptr;
  const auto options = "-c listen_addresses=127.0.0.1 -c fsync=off -c unix_socket_directories='' -p " +
                       std::to_string(made->port_);
  const auto started =
      made->run("pg_ctl", {"-D", cluster, "-w", "-t", "50", "-l", (made->dir_.path() / "server.log").string(),
                           "-o", options, "start"});
  made->running_ = started.status == 0;
  return made->running_ ? std::move(made) : nullptr;
}

own_postgres::~own_postgres() {
  if (running_)
    static_cast<void>(
        run("pg_ctl", {"-D", (dir_.path() / "cluster").string(), "-m", "immediate", "-w", "stop"}));
}

std::string own_postgres::connection() const {
  return "host=127.0.0.1 user=postgres dbname=postgres port=" + std::to_string(port_);
}

finished_process own_postgres::psql(std::vector<std::string> arguments) const {
  arguments.insert(arguments.begin(), {connection(), "-X", "-q", "-v", "ON_ERROR_STOP=1"});
  return run("psql", std::move(arguments));
}

} // namespace trainyard::testing
