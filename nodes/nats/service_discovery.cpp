// One subscription to $SRV.>, three JSON answers.
#include "nodes/nats/service_discovery.hpp"

#include <array>
#include <ctime>

#include <nlohmann/json.hpp>

#include "messages/subjects.hpp"
#include "nodes/nats/random_text.hpp"

namespace trainyard {

namespace {

using json = nlohmann::ordered_json;

/// With milliseconds, as clients parse it with a format that wants a fraction.
std::string utc_now() {
  using namespace std::chrono;
  const auto now = system_clock::now();
  const auto seconds = system_clock::to_time_t(now);
  const auto fraction = duration_cast<milliseconds>(now.time_since_epoch()).count() % 1'000;
  std::tm parts{};
  ::gmtime_r(&seconds, &parts);
  std::array<char, 32> text{};
  const auto size = std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%S", &parts);
  const auto digits = std::to_string(1'000 + fraction).substr(1);
  return std::string(text.data(), size) + "." + digits + "Z";
}

result<void> check(const service_description& what) {
  const auto good = [](const std::string& name) -> result<void> {
    if (is_token(name))
      return {};
    return fail(failure_kind::message_invalid,
                "service or endpoint '" + name + "' is not 1 to 64 of [A-Za-z0-9_-]");
  };
  auto checked = good(what.name);
  for (const auto& each : what.endpoints)
    if (checked)
      checked = good(each.name);
  return checked;
}

} // namespace

struct service_discovery::state {
  std::shared_ptr<connection> link;
  service_description what;
  std::string id = random_hex(11); // 22 characters, as ids of other clients have
  std::string started = utc_now();
  subscription ear; ///< last: it uses all above

  json identity(const char* type) const {
    return {{"type", std::string("io.nats.micro.v1.") + type},
            {"name", what.name},
            {"id", id},
            {"version", what.version},
            {"metadata", what.metadata}};
  }

  static json shape(const service_endpoint& endpoint) {
    return {{"name", endpoint.name}, {"subject", endpoint.subject}, {"queue_group", endpoint.queue_group}};
  }

  json info() const {
    auto answer = identity("info_response");
    answer["description"] = what.description;
    answer["endpoints"] = json::array();
    for (const auto& each : what.endpoints) {
      auto endpoint = shape(each);
      endpoint["metadata"] = json::object();
      answer["endpoints"].push_back(std::move(endpoint));
    }
    return answer;
  }

  json stats() const {
    auto answer = identity("stats_response");
    answer["started"] = started;
    answer["endpoints"] = json::array();
    for (const auto& each : what.endpoints) {
      const auto counts = what.counts ? what.counts(each.name) : endpoint_counts();
      auto endpoint = shape(each);
      endpoint["num_requests"] = counts.requests;
      endpoint["num_errors"] = counts.errors;
      endpoint["last_error"] = counts.last_error;
      endpoint["processing_time"] = counts.busy.count();
      endpoint["average_processing_time"] =
          counts.requests == 0 ? 0 : counts.busy.count() / static_cast<std::int64_t>(counts.requests);
      endpoint["data"] = nullptr; // clients look for it
      answer["endpoints"].push_back(std::move(endpoint));
    }
    return answer;
  }

  /// $SRV.VERB, $SRV.VERB.NAME or $SRV.VERB.NAME.ID with our name and id.
  [[nodiscard]] bool asks(const std::string& subject, const std::string& verb) const {
    const auto all = "$SRV." + verb;
    return subject == all || subject == all + "." + what.name || subject == all + "." + what.name + "." + id;
  }

  void answer(const nats_message& message) const {
    if (message.reply.empty())
      return;
    json said;
    if (asks(message.subject, "PING"))
      said = identity("ping_response");
    else if (asks(message.subject, "INFO"))
      said = info();
    else if (asks(message.subject, "STATS"))
      said = stats();
    else
      return;
    (void)link->publish(message.reply, bytes_of(said.dump(-1, ' ', false, json::error_handler_t::replace)));
  }
};

service_discovery::service_discovery(std::unique_ptr<state> made) : state_(std::move(made)) {}

service_discovery::~service_discovery() {
  state_->ear.close();
}

result<std::unique_ptr<service_discovery>> service_discovery::open(std::shared_ptr<connection> link,
                                                                   service_description what) {
  if (auto good = check(what); !good)
    return tl::unexpected(good.error());
  auto made = std::make_unique<state>();
  made->link = std::move(link);
  made->what = std::move(what);
  auto* raw = made.get(); // the destructor ends the subscription before it goes
  auto ear = made->link->subscribe("$SRV.>", [raw](nats_message m) { raw->answer(m); });
  if (!ear)
    return tl::unexpected(ear.error());
  made->ear = std::move(*ear);
  (void)made->link->flush(std::chrono::seconds(2)); // from here on the server knows of it
  return std::unique_ptr<service_discovery>(new service_discovery(std::move(made)));
}

const std::string& service_discovery::id() const {
  return state_->id;
}

} // namespace trainyard
