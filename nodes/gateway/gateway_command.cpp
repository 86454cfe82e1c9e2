// From settings to a gateway that serves until a signal, then ends what it has begun to answer.
#include "nodes/gateway/gateway_command.hpp"

#include "nodes/cluster/serve.hpp"
#include "nodes/gateway/gateway_service.hpp"

namespace trainyard {

namespace {

constexpr std::chrono::seconds drain_patience{5};

class gateway_process {
public:
  result<void> start(const settings& from, node_events& events) {
    events_ = &events;
    const auto plan = plan_gateway(from);
    if (!plan)
      return tl::unexpected(plan.error());
    auto service = gateway_service::start(*plan, TRAINYARD_VERSION,
                                          [&] { return api_client::open(from, "trainyard gateway"); });
    if (!service)
      return tl::unexpected(service.error());
    service_ = std::move(*service);
    name_ = "on " + service_->url();
    return {};
  }

  void drain() {
    service_->drain(drain_patience, [this] { events_->push({node_event::what::drained}); });
  }

  [[nodiscard]] const std::string& node() const { return name_; }

private:
  node_events* events_ = nullptr;
  std::string name_;
  std::unique_ptr<gateway_service> service_;
};

} // namespace

int gateway_command(const settings& from) {
  return serve<gateway_process>(from,
                                {"Gateway", "serves until it is stopped", "ending what is being answered",
                                 "Some answers were not taken in time"});
}

} // namespace trainyard
