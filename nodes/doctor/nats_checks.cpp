// One connection, asked in the order in which things fail.
#include "nodes/doctor/nats_checks.hpp"

#include <cstdio>

#include <nlohmann/json.hpp>

#include "nodes/cluster/connection_settings.hpp"
#include "nodes/doctor/clock_skew.hpp"
#include "nodes/doctor/role_subjects.hpp"
#include "nodes/doctor/server_version.hpp"
#include "nodes/nats/inbox.hpp"
#include "nodes/nats/json_fields.hpp"
#include "nodes/nats/server_greeting.hpp"
#include "nodes/terminal/units.hpp"

namespace trainyard {
namespace {

using namespace std::chrono_literals;
constexpr std::uint64_t least_payload = 1U << 20U; ///< a result of a large batch, and a part of an image

class nats_examination {
public:
  nats_examination(findings& all, cluster_connection how, std::string_view role)
      : all_(all), how_(std::move(how)), role_(role) {}

  void run() {
    for (const auto& each : how_.options.urls)
      greet(each);
    if (!connect())
      return;
    ask_jetstream();
    try_permissions();
    compare_clocks();
    if (role_ == "gateway" || role_ == "client")
      ask_coordinators();
  }

private:
  void say(finding what) { all_.push_back(std::move(what)); }

  void greet(const std::string& url) {
    const auto greeting = read_server_greeting(url, 3s);
    if (!greeting)
      return say(bad("server", greeting.error()));
    const auto where = "at " + safe_part(url);
    if (const auto version = server_version_in(greeting->version))
      say(on_server_version("server", *version, where, server_use::of_a_fleet));
    else
      say(unknown("server", where + " tells no version"));
    if (!greeting->jetstream) {
      has_jetstream_ = false;
      say(bad("jetstream", {failure_kind::nats_protocol, "the server " + where + " runs without JetStream",
                            "start it with -js, or with a jetstream block in its configuration"}));
    }
  }

  /// Without a login.
  static std::string safe_part(const std::string& url) {
    const auto at = url.rfind('@');
    return at == url.npos ? url : url.substr(at + 1);
  }

  bool connect() {
    auto opened = connection::open(how_.options);
    if (!opened) {
      say(bad("connection", opened.error()));
      return false;
    }
    link_ = std::move(*opened);
    const auto before = std::chrono::steady_clock::now();
    if (const auto back = link_->flush(5s); !back) {
      say(bad("connection", back.error()));
      return false;
    }
    const std::chrono::duration<double, std::milli> trip = std::chrono::steady_clock::now() - before;
    char text[64];
    std::snprintf(text, sizeof text, ", round trip %.2f ms", trip.count());
    say(good("connection", link_->safe_url() + text));
    const auto most = link_->max_payload_bytes();
    say(most < least_payload
            ? warning("max_payload", bytes_text(most) + " a message, less than " + bytes_text(least_payload),
                      "raise max_payload in the server's configuration, or lower --batch-size")
            : good("max_payload", bytes_text(most) + " a message"));
    auto box = inbox::open(link_);
    if (box)
      box_ = std::move(*box);
    else
      say(bad("connection", box.error()));
    return box_ != nullptr;
  }

  /// What the API says of `subject`; nothing where this login may not ask, or it answers with an error.
  std::optional<nlohmann::json> ask_api(const std::string& subject) {
    const std::vector<subject_trial> asking{{how_.options.api_prefix + "." + subject}};
    if (const auto refused = refused_subjects(how_.options, asking); !refused || !refused->empty())
      return std::nullopt;
    auto answer = box_->call_api(subject, nlohmann::json::object(), nullptr, 3s);
    if (answer)
      return std::move(*answer);
    trouble_ = std::move(answer.error());
    return std::nullopt;
  }

  void ask_jetstream() {
    if (!has_jetstream_)
      return;
    const auto account = ask_api("INFO");
    if (!account && trouble_)
      return say(bad("jetstream", *trouble_));
    if (!account)
      return say(good("jetstream", "the server has it; this login may not ask for more"));
    say(good("jetstream", std::to_string(number_at(*account, "streams")) + " streams, " +
                              bytes_text(number_at(*account, "storage")) + " stored"));
  }

  void try_permissions() {
    const auto trials = trials_of(role_, how_.names, how_.options.api_prefix, how_.options.inbox_prefix);
    if (trials.empty())
      return;
    const auto refused = refused_subjects(how_.options, trials);
    if (!refused)
      return say(bad("permissions", refused.error()));
    const auto what = "what a " + std::string(role_) + " sends and hears";
    if (refused->empty())
      return say(good("permissions", what + " is allowed (" + std::to_string(trials.size()) + " subjects)"));
    std::string list;
    for (const auto& each : *refused)
      list += (list.empty() ? "" : ", ") + each;
    say(bad("permissions", {failure_kind::nats_denied,
                            std::to_string(refused->size()) + " of the " + std::to_string(trials.size()) +
                                " subjects of a " + std::string(role_) + " are refused: " + list,
                            "give the login of this role; ops/nats/permissions.conf has what each needs"}));
  }

  void compare_clocks() {
    const auto now = [] {
      return std::chrono::time_point_cast<std::chrono::milliseconds>(std::chrono::system_clock::now());
    };
    const auto asked = now();
    const auto stream = ask_api("STREAM.INFO." + how_.names.jobs_stream());
    const auto time = stream ? wall_time_in(text_at(*stream, "ts")) : std::nullopt;
    say(time ? on_clock(asked, *time, now())
             : unknown("clock", "this server does not tell its time to this login (from 2.10 on, where there "
                                "are streams, it does)"));
  }

  void ask_coordinators() {
    request what;
    what.subject = how_.names.api("list");
    what.payload = payload_of("{}");
    what.timeout = 5s;
    if (const auto answer = box_->call(std::move(what)); answer && answer->status == 0)
      return say(good("coordinators", "one answers"));
    say(warning("coordinators", "none answers on " + how_.names.api("list"),
                "start one: trainyard coordinator; or see that --nats-prefix is the same everywhere"));
  }

  findings& all_;
  cluster_connection how_;
  std::string_view role_;
  bool has_jetstream_ = true;
  std::optional<failure> trouble_;
  std::shared_ptr<connection> link_;
  std::shared_ptr<inbox> box_;
};

} // namespace

void look_at_nats(findings& all, const settings& from, std::string_view role) {
  auto how = connection_settings(from, "trainyard doctor", process_environment());
  if (!how)
    return all.push_back(bad("connection", how.error()));
  nats_examination(all, std::move(*how), role).run();
}

} // namespace trainyard
