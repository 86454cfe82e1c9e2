// A PostgreSQL of the test's own: a fresh cluster on a free port of the loopback, gone with the object.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "tests/support/child_process.hpp"
#include "tests/support/temp_dir.hpp"

namespace trainyard::testing {

class own_postgres {
public:
  /// Nothing where this machine has no PostgreSQL server (or, as root, no user to run it).
  [[nodiscard]] static std::unique_ptr<own_postgres> start();
  ~own_postgres();
  own_postgres(const own_postgres&) = delete;
  own_postgres& operator=(const own_postgres&) = delete;

  [[nodiscard]] std::string connection() const; ///< as libpq takes it
  /// psql -c or -f, without an alignment: stdout, or what went wrong in err.
  [[nodiscard]] finished_process psql(std::vector<std::string> arguments) const;

private:
  own_postgres() = default;
  [[nodiscard]] finished_process run(const std::string& tool, std::vector<std::string> arguments) const;
  temp_dir dir_;
  std::filesystem::path programs_;
  int port_ = 0;
  bool running_ = false;
};

} // namespace trainyard::testing
