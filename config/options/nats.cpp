// The way to the NATS servers of a cluster. Secrets have no flag: every user of a machine sees its command
// lines.
#include "config/options/sections.hpp"

#include <array>

namespace trainyard::option_sections {
namespace {

using enum option_type;

constexpr std::array nats_table{
    option{.key = "nats.url",
           .flag = "--nats",
           .type = list,
           .standard = "nats://127.0.0.1:4222",
           .sentence = "Servers of the cluster; any of them will do.",
           .item = "URL"},
    option{.key = "nats.context",
           .flag = "--context",
           .standard = "",
           .sentence =
               "A context of the `nats` program, whose server and login are used; what is set here wins."},
    option{.key = "nats.user", .flag = "--nats-user", .standard = "", .sentence = "User name at the server."},
    option{.key = "nats.password",
           .standard = "",
           .sentence = "The user's password.",
           .environment = "TRAINYARD_NATS_PASSWORD",
           .secret = true},
    option{.key = "nats.token",
           .standard = "",
           .sentence = "Token that logs in, instead of a user.",
           .environment = "TRAINYARD_NATS_TOKEN",
           .secret = true},
    option{.key = "nats.credentials",
           .flag = "--nats-creds",
           .type = path,
           .standard = "",
           .sentence = "File with JWT and seed, as `nsc` writes it."},
    option{.key = "nats.nkey",
           .flag = "--nats-nkey",
           .type = path,
           .standard = "",
           .sentence = "File with the seed of an NKey."},
    option{.key = "nats.nkey_public",
           .flag = "--nats-nkey-public",
           .standard = "",
           .sentence = "The public key that belongs to the seed; derived from it when not set."},
    option{.key = "nats.tls",
           .flag = "--nats-tls",
           .type = boolean,
           .standard = "false",
           .sentence = "Speak TLS, also where the url does not say tls://."},
    option{.key = "nats.tls_ca",
           .flag = "--nats-tls-ca",
           .type = path,
           .standard = "",
           .sentence = "File with the certificates that may sign the server's."},
    option{.key = "nats.tls_cert",
           .flag = "--nats-tls-cert",
           .type = path,
           .standard = "",
           .sentence = "File with our own certificate; wants the key too."},
    option{.key = "nats.tls_key",
           .flag = "--nats-tls-key",
           .type = path,
           .standard = "",
           .sentence = "File with the key of our own certificate."},
    option{.key = "nats.domain",
           .flag = "--nats-domain",
           .standard = "",
           .sentence = "JetStream domain to use, behind a leaf node."},
    option{.key = "nats.prefix",
           .flag = "--nats-prefix",
           .standard = "trainyard",
           .sentence =
               "First word of all subjects and streams; two fleets with two words can share a server."},
    option{.key = "nats.inbox_prefix",
           .flag = "--nats-inbox-prefix",
           .standard = "_INBOX",
           .sentence = "Subjects under which replies come; one per role where permissions are used."},
    option{.key = "nats.administer",
           .flag = "--nats-administer",
           .type = boolean,
           .standard = "true",
           .sentence = "Make the streams and consumers that are missing; a worker whose login may not leaves "
                       "that to coordinators."},
    option{.key = "nats.replicas",
           .flag = "--nats-replicas",
           .type = integer,
           .standard = "1",
           .sentence = "Servers that keep a copy of each stream made from now on; 3 in a cluster of servers.",
           .least = 1,
           .most = 5,
           .unit = "servers"},
};

} // namespace

std::span<const option> nats() {
  return nats_table;
}

} // namespace trainyard::option_sections
