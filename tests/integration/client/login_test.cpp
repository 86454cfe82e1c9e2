// Every kind of login that the settings know, against a server that wants it.
#include "nodes/cluster/connection_settings.hpp"
#include "nodes/nats/server_files.hpp"
#include "tests/integration/client/client_world.hpp"
#include "tests/support/child_process.hpp"

namespace trainyard::testing {
namespace {

// The pair that the documentation of nats-server shows; nobody's.
constexpr auto seed = "SUACSSL3UAHUDXKFSNVUZRF5UHPMWZ6BFDTJ7M6USDXIEDNPPQYYYCU3VY";
constexpr auto its_public = "UDXU4RCSJNZOIQHZNWXHXORDPRTGNJAHAHFRGZNEEJCPQTT2M7NLCNF4";

struct login_test : ::testing::Test {
  temp_dir dir;
  std::optional<child_process> server;
  std::string url;
  environment variables{{"XDG_CONFIG_HOME", dir.path().string()}};

  /// nats-server with `authorization`, on a port that it chooses and writes down.
  void start(const std::string& authorization) {
    const auto ports = dir.path() / "ports";
    std::filesystem::create_directories(ports);
    const auto config = dir.write("nats.conf", "listen: 127.0.0.1:-1\nports_file_dir: \"" + ports.string() +
                                                   "\"\nauthorization { " + authorization + " }\n");
    const auto binary = find_nats_server({});
    ASSERT_TRUE(binary) << binary.error().cause;
    server.emplace(dir.path(), std::vector<std::string>{binary->string(), "-c", config.string()});
    ASSERT_TRUE(eventually(10s, [&] { return learn_url(ports); })) << server->err_so_far();
  }
  bool learn_url(const std::filesystem::path& ports) {
    for (const auto& each : std::filesystem::directory_iterator(ports)) {
      const auto parsed = nlohmann::json::parse(content_of(each.path()), nullptr, false);
      if (!parsed.is_object() || !parsed.contains("nats") || parsed["nats"].empty())
        continue;
      url = parsed["nats"][0].get<std::string>();
      return true;
    }
    return false;
  }
  void context(nlohmann::json fields) {
    fields["url"] = url;
    (void)dir.write("nats/context/test.json", fields.dump());
  }
  /// Nothing when it could log in.
  std::optional<failure> refused(std::map<std::string, std::string, std::less<>> flags) const {
    if (!flags.contains("nats.context"))
      flags["nats.url"] = url;
    const auto loaded = load_settings({.flags = std::move(flags), .variables = variables});
    EXPECT_TRUE(loaded) << loaded.error().cause;
    auto plan = connection_settings(*loaded, "trainyard test", variables);
    if (!plan)
      return plan.error();
    const auto link = connection::open(std::move(plan->options));
    return link ? std::nullopt : std::optional(link.error());
  }
};

TEST_F(login_test, an_nkey_logs_in_with_the_file_of_its_seed_alone) {
  start("users = [ { nkey: " + std::string(its_public) + " } ]");
  const auto bare = dir.write("bare.nk", std::string(seed) + "\n").string();
  const auto decorated = dir.write("decorated.nk", "-----BEGIN USER NKEY SEED-----\n" + std::string(seed) +
                                                       "\n------END USER NKEY SEED------\n")
                             .string();
  for (const auto& file : {bare, decorated}) {
    const auto why = refused({{"nats.nkey", file}});
    EXPECT_FALSE(why) << file << ": " << why->cause;
  }
  context({{"nkey", bare}});
  EXPECT_FALSE(refused({{"nats.context", "test"}}));
  EXPECT_EQ(refused({})->kind, failure_kind::nats_denied);
}

TEST_F(login_test, a_user_logs_in_by_settings_and_by_a_context) {
  start("user: ada, password: hunter2");
  variables["TRAINYARD_NATS_PASSWORD"] = "hunter2";
  EXPECT_FALSE(refused({{"nats.user", "ada"}}));
  EXPECT_EQ(refused({{"nats.user", "bob"}})->kind, failure_kind::nats_denied);
  variables.erase("TRAINYARD_NATS_PASSWORD");
  context({{"user", "ada"}, {"password", "hunter2"}});
  EXPECT_FALSE(refused({{"nats.context", "test"}}));
  context({{"user", "ada"}, {"password", "hunter3"}});
  const auto why = refused({{"nats.context", "test"}});
  ASSERT_TRUE(why);
  EXPECT_EQ(why->kind, failure_kind::nats_denied);
  EXPECT_THAT(why->cause + why->remedy, Not(HasSubstr("hunter3")));
}

TEST_F(login_test, a_token_logs_in_from_the_environment) {
  start("token: t0ken");
  variables["TRAINYARD_NATS_TOKEN"] = "t0ken";
  EXPECT_FALSE(refused({}));
  variables["TRAINYARD_NATS_TOKEN"] = "t1ken";
  EXPECT_EQ(refused({})->kind, failure_kind::nats_denied);
}

} // namespace
} // namespace trainyard::testing
