// Starts the watcher with its server and follows what it reports.
#include "nodes/nats/private_server.hpp"

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <ctime>
#include <mutex>

#include <sys/wait.h>
#include <unistd.h>

#include "nodes/nats/random_text.hpp"
#include "nodes/nats/server_files.hpp"
#include "nodes/nats/server_login.hpp"
#include "nodes/nats/server_watcher.hpp"

namespace trainyard {

namespace {

using clock = std::chrono::steady_clock;
constexpr std::size_t token_bytes = 32;
constexpr std::chrono::seconds stop_timeout{10};

void pause_briefly() {
  const timespec wait{0, 5'000'000};
  ::nanosleep(&wait, nullptr);
}

std::string end_text(int status) {
  if (WIFSIGNALED(status))
    return "it was killed by signal " + std::to_string(WTERMSIG(status));
  return "it ended with status " + std::to_string(WEXITSTATUS(status));
}

/// True when the child is gone, reaped by us or by whoever took our SIGCHLD.
bool gone(pid_t pid, int* status) {
  const pid_t reaped = ::waitpid(pid, status, WNOHANG);
  return reaped == pid || (reaped < 0 && errno == ECHILD);
}

watched_command command_of(const std::filesystem::path& binary, const std::filesystem::path& config,
                           const std::filesystem::path& directory) {
  return {{binary.string(), "-c", config.string()},
          {"PATH=/usr/bin:/bin", "LANG=C", "HOME=" + directory.string(), "TMPDIR=" + directory.string()},
          directory.string()};
}

} // namespace

struct private_server::state {
  std::filesystem::path directory;
  std::string url;
  std::string token;
  watcher_process watcher;
  std::mutex mutex; ///< guards all below, and the watcher's descriptors once started
  pid_t server = -1;
  std::string ended; ///< why, once the server is not running
  bool stopped = false;

  ~state() { stop(); }

  void read_reports() {
    watcher_report record{};
    while (watcher.reports >= 0) {
      const auto got = ::read(watcher.reports, &record, sizeof record);
      if (got < 0)
        return;
      if (got != sizeof record) {
        ended = ended.empty() ? "its watcher process is gone" : ended;
        return;
      }
      if (record.kind == watcher_report::what::started)
        server = record.value;
      else if (record.kind == watcher_report::what::exec_failed)
        ended = "it cannot be run: " + errno_text(record.value);
      else if (ended.empty())
        ended = end_text(record.value);
    }
  }

  std::optional<failure> trouble() {
    const std::lock_guard lock(mutex);
    if (!stopped)
      read_reports();
    if (ended.empty())
      return std::nullopt;
    const auto tail = log_tail(directory);
    return failure{failure_kind::nats_unreachable,
                   "the private nats-server is gone: " + ended +
                       (tail.empty() ? "" : "; its log ends: " + tail),
                   "start again: what is done stays done"};
  }

  result<void> wait_until_up(std::chrono::milliseconds timeout) {
    const auto end = clock::now() + timeout;
    std::string last = "it wrote no port file";
    for (; clock::now() < end; pause_briefly()) {
      if (auto why = trouble())
        return tl::unexpected(*why);
      const auto port = read_port(directory);
      if (!port)
        continue;
      const auto login = try_login(*port, token, std::chrono::milliseconds(2'000));
      if (login) {
        url = "nats://127.0.0.1:" + std::to_string(*port);
        return {};
      }
      last = login.error().cause;
    }
    const auto tail = log_tail(directory);
    return fail(failure_kind::nats_unreachable,
                "the private nats-server did not come up in " + std::to_string(timeout.count()) +
                    " ms: " + last + (tail.empty() ? "" : "; its log ends: " + tail),
                "run the same command again; the log above says what keeps the server");
  }

  void stop() {
    const std::lock_guard lock(mutex);
    if (stopped)
      return;
    stopped = true;
    read_reports();
    if (ended.empty())
      ended = "it was stopped";
    if (watcher.pid > 0)
      end_watcher();
    std::error_code ignored;
    std::filesystem::remove_all(directory, ignored); // nothing left unless the watcher was killed
  }

  void end_watcher() {
    ::close(watcher.lifeline);
    const auto end = clock::now() + stop_timeout;
    int status = 0;
    bool over = gone(watcher.pid, &status);
    for (; !over && clock::now() < end; over = gone(watcher.pid, &status))
      pause_briefly();
    if (!over) {
      ::kill(watcher.pid, SIGKILL);
      ::waitpid(watcher.pid, &status, 0);
    }
    // Only a killed watcher leaves its server behind, and only where there is no parent-death signal.
    if (WIFSIGNALED(status) && server > 0)
      ::kill(server, SIGKILL);
    ::close(watcher.reports);
    watcher = {};
  }
};

private_server::private_server(std::unique_ptr<state> made) : state_(std::move(made)) {}
private_server::private_server(private_server&&) noexcept = default;
private_server& private_server::operator=(private_server&&) noexcept = default;
private_server::~private_server() = default;

result<private_server> private_server::start(const private_server_options& options) {
  auto made = std::make_unique<state>();
  const auto binary = find_nats_server(options.binary);
  if (!binary)
    return tl::unexpected(binary.error());
  auto directory = make_server_directory(options.parent_directory);
  if (!directory)
    return tl::unexpected(directory.error());
  made->directory = *directory; // from here on the destructor removes it
  made->token = random_hex(token_bytes);
  const auto config =
      write_server_config({made->directory, made->token, options.port, options.max_store_bytes,
                           options.max_memory_bytes, options.max_payload_bytes});
  if (!config)
    return tl::unexpected(config.error());
  const auto watcher = start_watcher(command_of(*binary, *config, made->directory));
  if (!watcher)
    return tl::unexpected(watcher.error());
  made->watcher = *watcher;
  if (auto up = made->wait_until_up(options.start_timeout); !up)
    return tl::unexpected(up.error());
  return private_server(std::move(made));
}

const std::string& private_server::url() const {
  return state_->url;
}
const std::string& private_server::token() const {
  return state_->token;
}
const std::filesystem::path& private_server::directory() const {
  return state_->directory;
}
pid_t private_server::server_pid() const {
  return state_->server;
}
pid_t private_server::watcher_pid() const {
  return state_->watcher.pid;
}
std::optional<failure> private_server::trouble() const {
  return state_->trouble();
}
void private_server::stop() {
  if (state_)
    state_->stop();
}

} // namespace trainyard
