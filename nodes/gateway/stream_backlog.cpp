// STREAM.INFO, field by field, of somebody else's JSON.
#include "nodes/gateway/stream_backlog.hpp"

#include "messages/json_codec.hpp"
#include "nodes/gateway/fleet_health.hpp"
#include "nodes/nats/jetstream_error.hpp"
#include "nodes/nats/json_fields.hpp"

namespace trainyard {
namespace {

constexpr std::chrono::seconds patience{2};

stream_state state_in(const nlohmann::json& info, const std::string& name) {
  const auto state = object_at(info, "state");
  return {name, number_at(state, "messages"), number_at(state, "bytes"),
          number_at(object_at(info, "config"), "max_bytes"), number_at(state, "consumer_count")};
}

} // namespace

result<std::string> ask_backlog(api_client& api) {
  stream_list all;
  const auto& names = api.names();
  for (const auto& name : {names.jobs_stream(), names.work_stream(), names.results_stream()}) {
    int code = 0;
    const auto info = api.box().call_api("STREAM.INFO." + name, nlohmann::json::object(), &code, patience);
    if (info)
      all.streams.push_back(state_in(*info, name));
    else if (code != jetstream_code::stream_not_found)
      return tl::unexpected(info.error());
  }
  return to_json_text(all);
}

} // namespace trainyard
