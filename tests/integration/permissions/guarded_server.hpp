// A nats-server with the very configuration that ops/nats gives to a fleet, and a login for each of its
// roles.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "nodes/nats/connection.hpp"
#include "tests/support/child_process.hpp"
#include "tests/support/temp_dir.hpp"

namespace trainyard::testing {

class guarded_server {
public:
  /// Starts it; throws where that fails. `certificates` is the file that clients must trust, where `config`
  /// wants TLS.
  explicit guarded_server(const std::filesystem::path& config = "ops/nats/nats-server.conf",
                          std::filesystem::path certificates = {});

  [[nodiscard]] const std::string& url() const { return url_; }
  /// `role`: coordinator, worker, submitter or viewer.
  [[nodiscard]] connection_options login(const std::string& role) const;
  /// The same for a program that reads trainyard's variables.
  [[nodiscard]] std::vector<std::string> environment_of(const std::string& role) const;
  /// Each line of its log that tells of something refused. What the server had read before a flush is in it.
  [[nodiscard]] std::vector<std::string> violations() const;

private:
  [[nodiscard]] bool learn_url();

  temp_dir home_;
  std::filesystem::path certificates_;
  std::optional<child_process> process_;
  std::string url_;
};

} // namespace trainyard::testing
