// Where a private server's files live and what its configuration says.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "messages/failure.hpp"

namespace trainyard {

struct server_config {
  std::filesystem::path directory; ///< absolute; log, store and port file go in here
  std::string token;
  std::uint16_t port = 0; ///< 0: any free one
  std::uint64_t max_store_bytes = 0;
  std::uint64_t max_memory_bytes = 0;
  std::uint32_t max_payload_bytes = 0;
};

/// The nats-server to run: `wanted`, or the first on PATH and in the usual places. nats_server_missing
/// otherwise.
[[nodiscard]] result<std::filesystem::path> find_nats_server(const std::filesystem::path& wanted);
/// A fresh directory that only we may enter, below `parent` or, where that is empty, the first of
/// XDG_RUNTIME_DIR, TMPDIR and /tmp with 2 GiB free, else the roomiest of them.
[[nodiscard]] result<std::filesystem::path> make_server_directory(const std::filesystem::path& parent);
/// Writes DIRECTORY/nats.conf, readable for us only; the token stands nowhere else.
[[nodiscard]] result<std::filesystem::path> write_server_config(const server_config& config);
/// The port that the server says it listens on, once it has said so.
[[nodiscard]] std::optional<std::uint16_t> read_port(const std::filesystem::path& directory);
/// The last few lines of the server's log, on one line.
[[nodiscard]] std::string log_tail(const std::filesystem::path& directory);

} // namespace trainyard
