// nats.conf, the ports file and the log of a private server.
#include "nodes/nats/server_files.hpp"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string_view>
#include <vector>

#include <fcntl.h>
#include <nlohmann/json.hpp>
#include <unistd.h>

#include "messages/system_limit.hpp"

namespace trainyard {

namespace fs = std::filesystem;

namespace {

constexpr std::uintmax_t roomy_bytes = 2ULL << 30;

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value ? value : "";
}

std::vector<fs::path> binary_candidates() {
  std::vector<fs::path> list;
  std::istringstream path(variable("PATH"));
  for (std::string each; std::getline(path, each, ':');)
    if (!each.empty() && each.front() == '/') // a relative entry would run what lies in the image directory
      list.push_back(fs::path(each) / "nats-server");
  for (const char* usual : {"/usr/sbin", "/usr/local/sbin", "/usr/local/bin", "/opt/homebrew/bin"})
    list.push_back(fs::path(usual) / "nats-server");
  return list;
}

bool is_program(const fs::path& file) {
  std::error_code ignored;
  return fs::is_regular_file(file, ignored) && ::access(file.c_str(), X_OK) == 0;
}

std::uintmax_t free_bytes(const fs::path& directory) {
  std::error_code error;
  const auto space = fs::space(directory, error);
  return error || ::access(directory.c_str(), W_OK | X_OK) != 0 ? 0 : space.available;
}

fs::path best_parent() {
  fs::path best = "/tmp";
  std::uintmax_t most = 0;
  for (const auto& each : {variable("XDG_RUNTIME_DIR"), variable("TMPDIR"), std::string("/tmp")}) {
    const auto room = each.empty() || each.front() != '/' ? 0 : free_bytes(each);
    if (room >= roomy_bytes)
      return each;
    if (room > most) {
      most = room;
      best = each;
    }
  }
  return best;
}

/// A string of the server's configuration language.
std::string config_string(std::string_view text) {
  std::string out = "\"";
  for (const char each : text) {
    if (each == '"' || each == '\\')
      out += '\\';
    out += each;
  }
  return out + '"';
}

std::string config_text(const server_config& config, std::uintmax_t room) {
  const auto store = std::min<std::uintmax_t>(config.max_store_bytes, room / 2);
  const auto port = config.port == 0 ? std::string("-1") : std::to_string(config.port);
  const auto at = [&](const char* name) { return config_string((config.directory / name).string()); };
  std::ostringstream out;
  out << "host: \"127.0.0.1\"\n"
      << "port: " << port << "\n"
      << "ports_file_dir: " << config_string(config.directory.string()) << "\n"
      << "log_file: " << at("server.log") << "\n"
      << "log_size_limit: 4194304\n"
      << "max_payload: " << config.max_payload_bytes << "\n"
      << "authorization { token: " << config_string(config.token) << " }\n"
      << "jetstream { store_dir: " << at("store") << ", max_memory_store: " << config.max_memory_bytes
      << ", max_file_store: " << store << " }\n";
  return out.str();
}

} // namespace

result<fs::path> find_nats_server(const fs::path& wanted) {
  if (!wanted.empty() && is_program(wanted))
    return fs::absolute(wanted);
  if (wanted.empty())
    for (const auto& each : binary_candidates())
      if (is_program(each))
        return each;
  return fail(failure_kind::nats_server_missing,
              wanted.empty() ? "no nats-server on PATH, in /usr/sbin, /usr/local/sbin or /opt/homebrew/bin"
                             : "'" + wanted.string() + "' is not a program",
              "install it (apt-get install nats-server, brew install nats-server), or say where it is with "
              "--nats-server PATH");
}

result<fs::path> make_server_directory(const fs::path& parent) {
  std::error_code error;
  const auto base = fs::absolute(parent.empty() ? best_parent() : parent, error);
  std::string name = (base / "trainyard-nats-XXXXXX").string();
  if (base.string().find_first_of("\n\r") != std::string::npos)
    return fail(failure_kind::output_unwritable, "the directory's name holds a line break", "set TMPDIR");
  if (error || ::mkdtemp(name.data()) == nullptr)
    return fail(failure_kind::output_unwritable,
                "cannot make a directory in " + base.string() + ": " + errno_text(errno),
                "make it writable, or set TMPDIR to a directory that is");
  return fs::path(name);
}

result<fs::path> write_server_config(const server_config& config) {
  const auto file = config.directory / "nats.conf";
  const auto text = config_text(config, free_bytes(config.directory));
  const int fd = ::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (fd < 0 && is_system_limit(errno))
    return tl::unexpected(system_limit_reached(file.string(), errno));
  if (fd < 0)
    return fail(failure_kind::output_unwritable, file.string() + ": " + errno_text(errno));
  const auto written = ::write(fd, text.data(), text.size());
  const int error = errno;
  ::close(fd);
  if (written != static_cast<ssize_t>(text.size()))
    return fail(failure_kind::output_unwritable,
                file.string() + ": " + errno_text(written < 0 ? error : ENOSPC));
  return file;
}

std::optional<std::uint16_t> read_port(const fs::path& directory) {
  std::error_code error;
  for (const auto& each : fs::directory_iterator(directory, error)) {
    if (each.path().extension() != ".ports")
      continue;
    std::ifstream in(each.path());
    const auto parsed = nlohmann::json::parse(in, nullptr, false);
    const auto urls = parsed.is_object() ? parsed.find("nats") : parsed.end();
    if (!parsed.is_object() || urls == parsed.end() || !urls->is_array() || urls->empty() ||
        !(*urls)[0].is_string())
      return std::nullopt; // half written: the next look finds it whole
    const auto url = (*urls)[0].get<std::string>();
    std::uint16_t port = 0;
    const auto colon = url.rfind(':') + 1;
    std::from_chars(url.data() + colon, url.data() + url.size(), port);
    return port == 0 ? std::nullopt : std::optional(port);
  }
  return std::nullopt;
}

std::string log_tail(const fs::path& directory) {
  std::ifstream in(directory / "server.log");
  std::vector<std::string> lines;
  for (std::string each; std::getline(in, each);) {
    lines.push_back(each.substr(0, 300));
    if (lines.size() > 3)
      lines.erase(lines.begin());
  }
  std::string tail;
  for (const auto& each : lines)
    tail += (tail.empty() ? "" : " | ") + each;
  return tail;
}

} // namespace trainyard
