// Role by subject: what the permissions of ops/nats allow and refuse, tried message by message.
#include <array>
#include <string_view>

#include <gmock/gmock.h>

#include "tests/integration/permissions/guarded_server.hpp"
#include "tests/support/eventually.hpp"

namespace trainyard::testing {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;

struct row {
  const char* subject;
  std::string_view who; ///< initials of the roles that may
};

constexpr std::array roles{"coordinator", "worker", "submitter", "viewer", "gateway"};

constexpr std::array publishing{
    row{"trainyard.work.pool.1.s.7", "c"},
    row{"trainyard.results.s.7", "w"},
    row{"trainyard.jobs.s", "sg"},
    row{"trainyard.events.session.s", "c"},
    row{"trainyard.events.node.n", "w"},
    row{"trainyard.api.submit", "sg"},
    row{"trainyard.api.cancel.s", "sg"},
    row{"trainyard.api.retry.s", "sg"},
    row{"trainyard.api.list", "svg"},
    row{"trainyard.api.devices", "svg"},
    row{"trainyard.api.status.s", "svg"},
    row{"trainyard.api.failures.s", "svg"},
    row{"trainyard.api.unheard.of", ""},
    row{"trainyard.images.photos", "w"},
    row{"trainyard.images.photos.deeper", ""},
    row{"trainyard.embed.model", "g"},
    row{"trainyard.embed.model.deeper", ""},
    row{"trainyard.upload.u-1", "s"},
    row{"trainyard.upload.u-1.deeper", ""},
    row{"$SRV.PING", "v"},
    row{"$SRV.STATS.trainyard-worker", "v"},
    row{"$KV.trainyard_sessions.s", "c"},
    row{"$KV.trainyard_leases.s", "c"},
    row{"$KV.others.s", ""},
    row{"$JS.API.STREAM.INFO.TRAINYARD_WORK", "cvg"},
    row{"$JS.API.STREAM.CREATE.TRAINYARD_WORK", "c"},
    row{"$JS.API.STREAM.CREATE.OTHERS", ""},
    row{"$JS.API.STREAM.DELETE.TRAINYARD_WORK", ""},
    row{"$JS.API.STREAM.PURGE.TRAINYARD_WORK", ""},
    row{"$JS.API.STREAM.MSG.GET.TRAINYARD_WORK", "c"},
    row{"$JS.API.STREAM.MSG.DELETE.TRAINYARD_JOBS", ""},
    row{"$JS.API.STREAM.MSG.GET.KV_trainyard_sessions", "c"},
    row{"$JS.API.CONSUMER.DURABLE.CREATE.TRAINYARD_WORK.pool_1", "c"},
    row{"$JS.API.CONSUMER.DURABLE.CREATE.TRAINYARD_JOBS.mine", ""},
    row{"$JS.API.CONSUMER.DELETE.TRAINYARD_WORK.pool_1", ""},
    row{"$JS.API.CONSUMER.MSG.NEXT.TRAINYARD_WORK.pool_1", "w"},
    row{"$JS.API.CONSUMER.MSG.NEXT.TRAINYARD_RESULTS.s_e1", "c"},
    row{"$JS.API.CONSUMER.MSG.NEXT.TRAINYARD_JOBS.coordinators", "c"},
    row{"$JS.ACK.TRAINYARD_WORK.pool_1.1.1.1.1.0", "w"},
    row{"$JS.ACK.TRAINYARD_RESULTS.s_e1.1.1.1.1.0", "c"},
    row{"_INBOX_coordinator.x.1", ""}, // a reply that nobody waits for
    row{"others.things", ""},
};

constexpr std::array hearing{
    row{"_INBOX_coordinator.x.*", "c"},
    row{"_INBOX_worker.x.*", "w"},
    row{"_INBOX_submitter.x.*", "s"},
    row{"_INBOX_viewer.x.*", "v"},
    row{"_INBOX_gateway.x.*", "g"},
    row{"_INBOX.>", ""},
    row{"trainyard.events.session.*", "csvg"},
    row{"trainyard.events.node.*", "cvg"},
    row{"trainyard.api.>", ""}, // outside the queue group: every request twice
    row{"trainyard.images.*", ""},
    row{"trainyard.upload.*", ""},
    row{"trainyard.embed.*", ""}, // outside the queue group: every request answered twice
    row{"trainyard.work.>", ""},
    row{"trainyard.results.>", ""},
    row{"trainyard.jobs.*", ""},
    row{"$SRV.>", "cw"},
    row{"$JS.API.>", ""},
    row{"$KV.>", ""},
    row{">", ""},
};

std::shared_ptr<connection> connect(const guarded_server& server, const std::string& role) {
  auto link = connection::open(server.login(role));
  EXPECT_TRUE(link) << link.error().cause;
  return *link;
}

/// The log tells at once and for certain; what the program itself gets to know comes on another thread.
void expect_as_allowed(const guarded_server& server, const connection& link, std::size_t before, bool may,
                       const std::string& subject) {
  const auto told = server.violations();
  EXPECT_EQ(told.size(), before + (may ? 0 : 1)) << (may ? told.back() : "nothing was refused");
  if (may)
    return;
  EXPECT_TRUE(eventually(5s, [&] { return link.last_complaint().find(subject) != std::string::npos; }))
      << link.last_complaint();
}

TEST(permissions_matrix, each_role_publishes_what_it_needs_and_nothing_else) {
  const guarded_server server;
  for (const std::string role : roles) {
    const auto link = connect(server, role);
    for (const auto& each : publishing) {
      SCOPED_TRACE(role + " publishes " + each.subject);
      const auto before = server.violations().size();
      ASSERT_TRUE(link->publish(each.subject, bytes_of("{}")));
      ASSERT_TRUE(link->flush(5s));
      expect_as_allowed(server, *link, before, each.who.find(role[0]) != each.who.npos, each.subject);
    }
  }
}

TEST(permissions_matrix, each_role_hears_what_it_needs_and_nothing_else) {
  const guarded_server server;
  for (const std::string role : roles) {
    const auto link = connect(server, role);
    for (const auto& each : hearing) {
      SCOPED_TRACE(role + " subscribes to " + each.subject);
      const auto before = server.violations().size();
      const auto ear = link->subscribe(each.subject, [](const nats_message&) {});
      ASSERT_TRUE(ear);
      ASSERT_TRUE(link->flush(5s));
      expect_as_allowed(server, *link, before, each.who.find(role[0]) != each.who.npos, each.subject);
    }
  }
}

TEST(permissions_matrix, requests_reach_the_queue_group_of_coordinators_alone) {
  const guarded_server server;
  for (const std::string role : roles) {
    const auto link = connect(server, role);
    for (const auto* subject : {"trainyard.api.>", "trainyard.images.photos", "trainyard.upload.*"}) {
      SCOPED_TRACE(role + " serves " + subject);
      const auto before = server.violations().size();
      const auto ear = link->subscribe(
          subject, [](const nats_message&) {}, "coordinators");
      ASSERT_TRUE(ear);
      ASSERT_TRUE(link->flush(5s));
      expect_as_allowed(server, *link, before, role == "coordinator", subject);
    }
  }
}

TEST(permissions_matrix, a_wrong_password_is_refused) {
  const guarded_server server;
  auto login = server.login("worker");
  login.password = "coordinator-password";
  const auto link = connection::open(login);
  ASSERT_FALSE(link);
  EXPECT_EQ(link.error().kind, failure_kind::nats_denied);
}

} // namespace
} // namespace trainyard::testing
