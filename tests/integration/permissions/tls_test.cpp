// The TLS block of ops/nats/nats-server.conf, taken out of its comment, between the real programs.
#include <csignal>
#include <fstream>
#include <sstream>

#include <gmock/gmock.h>

#include "tests/integration/permissions/guarded_server.hpp"
#include "tests/support/eventually.hpp"

namespace trainyard::testing {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using ::testing::HasSubstr;

struct tls : ::testing::Test {
  temp_dir dir;

  [[nodiscard]] finished_process run(std::vector<std::string> arguments,
                                     std::vector<std::string> variables = {}) const {
    child_process running(dir.path(), std::move(arguments), std::move(variables));
    return running.wait(60s).value_or(finished_process{});
  }
  [[nodiscard]] std::string at(const char* name) const { return (dir.path() / name).string(); }

  /// A certificate for localhost that signs itself.
  [[nodiscard]] bool make_certificate(const char* certificate, const char* key) const {
    return run({"/usr/bin/env", "openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
                "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-out",
                at(certificate), "-keyout", at(key)})
               .status == 0;
  }
  /// ops/nats as it is, with the block and our files in it.
  [[nodiscard]] fs::path config_with_tls() const {
    std::istringstream from(content_of("ops/nats/nats-server.conf"));
    std::ofstream to(dir.path() / "nats-server.conf");
    bool inside = false;
    for (std::string line; std::getline(from, line);) {
      inside = inside || line == "#tls {";
      const auto text = inside ? line.substr(1) : line;
      inside = inside && line != "#}";
      if (text.find("cert_file:") != text.npos)
        to << "  cert_file: \"" << at("server.pem") << "\"\n";
      else if (text.find("key_file:") != text.npos)
        to << "  key_file: \"" << at("server.key") << "\"\n";
      else
        to << text << "\n";
    }
    fs::copy_file("ops/nats/permissions.conf", dir.path() / "permissions.conf");
    return dir.path() / "nats-server.conf";
  }
};

TEST_F(tls, programs_that_trust_the_server_s_certificate_talk_and_others_do_not) {
  if (!make_certificate("server.pem", "server.key") || !make_certificate("other.pem", "other.key"))
    GTEST_SKIP() << "no openssl program to make certificates with";
  const guarded_server server(config_with_tls(), at("server.pem"));
  ASSERT_THAT(server.url(), HasSubstr("tls://"));
  fs::create_directory(dir.path() / "photos");
  child_process boss(
      dir.path(),
      {TRAINYARD_BINARY, "coordinator", "--root", "photos=" + at("photos"), "--output-root", at("out")},
      server.environment_of("coordinator"));
  ASSERT_TRUE(eventually(
      60s, [&] { return boss.err_so_far().find("takes sessions") != std::string::npos || !boss.running(); }));
  ASSERT_TRUE(boss.running()) << boss.err_so_far();
  const auto heard = run({TRAINYARD_BINARY, "sessions"}, server.environment_of("viewer"));
  EXPECT_EQ(heard.status, 0) << heard.err;
  const auto wary =
      run({TRAINYARD_BINARY, "sessions", "--nats-tls-ca", at("other.pem")}, server.environment_of("viewer"));
  EXPECT_EQ(wary.status, 69) << wary.err;
  EXPECT_THAT(wary.err, HasSubstr("check the TLS settings"));
  boss.signal(SIGTERM);
  EXPECT_EQ(boss.wait(30s).value_or(finished_process{}).status, 0);
}

} // namespace
} // namespace trainyard::testing
