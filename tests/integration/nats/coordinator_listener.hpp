// A coordinator's ears in a test: what its service hands over, and a server to hear it from.
#pragma once

#include <nlohmann/json.hpp>

#include "nodes/nats/nats_coordinator_service.hpp"
#include "tests/integration/nats/nats_world.hpp"

namespace trainyard::testing {

struct listener {
  std::shared_ptr<connection> link;
  collector jobs;
  std::mutex mutex;
  std::vector<api_request> requests;
  std::vector<std::string> session_events, node_events;
  std::unique_ptr<nats_coordinator_service> service; ///< last: its sinks use all above

  explicit listener(std::shared_ptr<connection> by, nats_link_options options = {})
      : link(std::move(by)), service(std::make_unique<nats_coordinator_service>(link, std::move(options))) {}

  result<void> open(bool answers = true) {
    service_sinks sinks;
    sinks.on_job = jobs.sink();
    sinks.on_request = [this, answers](api_request asked) {
      {
        const std::lock_guard lock(mutex);
        requests.push_back(asked); // before the reply: who has that may look here
      }
      if (answers)
        service->reply(asked.reply_to, payload_of("re: " + asked.verb));
    };
    sinks.on_session_event = [this](std::vector<std::byte> event) {
      const std::lock_guard lock(mutex);
      session_events.emplace_back(text_of(event));
    };
    sinks.on_node_event = [this](std::vector<std::byte> event) {
      const std::lock_guard lock(mutex);
      node_events.emplace_back(text_of(event));
    };
    return service->open(std::move(sinks));
  }
  template <class List>
  std::size_t count(const List& list) {
    const std::lock_guard lock(mutex);
    return list.size();
  }
};

struct coordinator_world : nats_world {
  std::shared_ptr<inbox> box = *inbox::open(connect());

  static request to(const std::string& subject, std::string_view text) {
    request what;
    what.subject = subject;
    what.payload = payload_of(text);
    return what;
  }
  void publish_job(const std::string& id, std::string_view text = "{}") {
    ASSERT_TRUE(box->call_json(to("trainyard.jobs." + id, text)));
  }
};

} // namespace trainyard::testing
