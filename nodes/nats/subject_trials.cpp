// The server tells of a refusal before it answers the flush behind it, and nats.c keeps its words with the
// connection; what it tells callbacks may come later.
#include "nodes/nats/subject_trials.hpp"

#include <cstring>

#include "nodes/nats/connection_state.hpp"

namespace trainyard {

namespace {

constexpr std::int64_t patience_ms = 5'000;
constexpr const char* no_meaning = "?"; ///< no JSON object and no msgpack map: every receiver drops it

using raw_subscription = std::unique_ptr<natsSubscription, decltype(&natsSubscription_Destroy)>;

natsStatus send(natsConnection* link, const std::string& subject) {
  natsMsg* raw = nullptr;
  auto status = natsMsg_Create(&raw, subject.c_str(), nullptr, no_meaning, 1);
  const std::unique_ptr<natsMsg, decltype(&natsMsg_Destroy)> message(raw, natsMsg_Destroy);
  if (status == NATS_OK)
    status = natsMsgHeader_Set(raw, "Nats-Expected-Stream", "doctor-probe");
  return status == NATS_OK ? natsConnection_PublishMsg(link, raw) : status;
}

natsStatus hear(natsConnection* link, const subject_trial& each, raw_subscription& hearing) {
  natsSubscription* raw = nullptr;
  const auto status = each.queue.empty() ? natsConnection_SubscribeSync(&raw, link, each.subject.c_str())
                                         : natsConnection_QueueSubscribeSync(&raw, link, each.subject.c_str(),
                                                                             each.queue.c_str());
  hearing.reset(raw);
  return status;
}

bool complains_of(natsConnection* link, const std::string& subject) {
  const char* text = nullptr;
  return natsConnection_GetLastError(link, &text) != NATS_OK && text && std::strstr(text, "ermission") &&
         std::strstr(text, ('"' + subject + '"').c_str());
}

} // namespace

result<std::vector<std::string>> refused_subjects(const connection_options& as,
                                                  std::span<const subject_trial> trials) {
  const auto url = safe_urls(as.urls);
  auto watch = std::make_unique<std::shared_ptr<connection_watch>>(std::make_shared<connection_watch>());
  auto options = make_nats_options(as, url, watch.get());
  if (!options)
    return tl::unexpected(options.error());
  natsConnection* raw = nullptr;
  if (const auto status = natsConnection_Connect(&raw, options->get()); status != NATS_OK)
    return connect_failure(status, as, url);
  (void)watch.release(); // the closed event, the last one, frees it
  const std::unique_ptr<natsConnection, decltype(&natsConnection_Destroy)> link(raw, natsConnection_Destroy);
  std::vector<std::string> refused;
  for (const auto& each : trials) {
    raw_subscription hearing(nullptr, natsSubscription_Destroy);
    auto status = each.hears ? hear(raw, each, hearing) : send(raw, each.subject);
    if (status == NATS_OK)
      status = natsConnection_FlushTimeout(raw, patience_ms);
    if (status != NATS_OK)
      return fail(failure_kind::nats_unreachable, url + ": " + natsStatus_GetText(status));
    if (complains_of(raw, each.subject))
      refused.push_back((each.hears ? "hear " : "send ") + each.subject);
  }
  return refused;
}

} // namespace trainyard
