// The consumers of all streams: durable, explicit acknowledgement, never given up by the server.
#include <algorithm>
#include <charconv>
#include <vector>

#include <nlohmann/json.hpp>

#include "nodes/nats/jetstream_error.hpp"
#include "nodes/nats/streams.hpp"

namespace trainyard {

namespace {

using json = nlohmann::json;

constexpr int take_attempts = 20;
constexpr int delete_attempts = 3;

struct consumer_plan {
  std::string stream;
  std::string name;
  std::string filter;
  std::chrono::nanoseconds ack_wait;
  int max_ack_pending;
  int max_waiting;
};

/// Idempotent: the server takes an equal configuration of an existing consumer as done.
result<void> create_consumer(inbox& box, const consumer_plan& plan, int* code = nullptr) {
  const json wanted = {{"stream_name", plan.stream},
                       {"config",
                        {{"durable_name", plan.name},
                         {"deliver_policy", "all"},
                         {"ack_policy", "explicit"},
                         {"ack_wait", plan.ack_wait.count()},
                         {"max_deliver", -1}, // what the server gives up on stays in the queue, invisible
                         {"filter_subject", plan.filter},
                         {"replay_policy", "instant"},
                         {"max_ack_pending", plan.max_ack_pending},
                         {"max_waiting", plan.max_waiting}}}};
  const auto made = box.call_api("CONSUMER.DURABLE.CREATE." + plan.stream + "." + plan.name, wanted, code);
  return made ? result<void>() : tl::unexpected(made.error());
}

struct session_consumer {
  std::string name;
  std::uint64_t epoch;
};

std::optional<std::uint64_t> epoch_of(const std::string& name, const std::string& session) {
  const auto start = session + "_e";
  std::uint64_t epoch = 0;
  if (!name.starts_with(start))
    return std::nullopt;
  const auto [end, error] = std::from_chars(name.data() + start.size(), name.data() + name.size(), epoch);
  return error == std::errc() && end == name.data() + name.size() ? std::optional(epoch) : std::nullopt;
}

/// The API answers in pages; a page that adds nothing is the last.
result<std::vector<session_consumer>> list_consumers(inbox& box, const std::string& stream,
                                                     const std::string& session) {
  std::vector<session_consumer> all;
  for (std::size_t offset = 0;;) {
    const auto page = box.call_api("CONSUMER.NAMES." + stream, json{{"offset", offset}});
    if (!page)
      return tl::unexpected(page.error());
    const auto list = page->value("consumers", json::array());
    if (!list.is_array() || list.empty())
      return all;
    for (const auto& each : list)
      if (const auto epoch = each.is_string() ? epoch_of(each, session) : std::nullopt)
        all.push_back({each.get<std::string>(), *epoch});
    offset += list.size();
    const auto total = page->find("total");
    if (total == page->end() || !total->is_number_unsigned() || offset >= total->get<std::size_t>())
      return all;
  }
}

/// Measured on 2.9.10: a consumer whose state file is being written while it is deleted is gone, but the
/// answer is an error about its directory. So after an error ask again whether there is still something to
/// delete.
result<void> delete_consumer(inbox& box, const std::string& stream, const std::string& name) {
  for (int attempt = 1;; ++attempt) {
    int code = 0;
    const auto gone = box.call_api("CONSUMER.DELETE." + stream + "." + name, json(), &code);
    if (gone || code == jetstream_code::consumer_not_found)
      return {};
    if (code == 0 || attempt == delete_attempts)
      return tl::unexpected(gone.error());
  }
}

/// Another consumer of the work queue has the filter.
bool somebody_else_has(int code) {
  return code == jetstream_code::filter_taken || code == jetstream_code::filter_overlaps;
}

consumer_plan results_plan(const subjects& names, const std::string& session, std::uint64_t epoch,
                           const stream_options& options) {
  return {names.results_stream(),
          names.results_consumer(session, epoch),
          names.results_of_session(session),
          options.results_ack_wait,
          512,
          512};
}

result<void> refuse_bad_token(const std::string& what, const std::string& token) {
  if (is_token(token))
    return {};
  return fail(failure_kind::message_invalid, what + " '" + token + "' is not 1 to 64 of [A-Za-z0-9_-]");
}

} // namespace

failure overtaken(const std::string& session, std::uint64_t by) {
  return {failure_kind::nats_protocol,
          "session " + session + " was taken over by a coordinator with epoch " + std::to_string(by),
          "leave it to that one"};
}

result<void> ensure_work_consumer(inbox& box, const subjects& names, const std::string& pool, int priority,
                                  const stream_options& options) {
  if (auto good = refuse_bad_token("pool", pool); !good)
    return good;
  return create_consumer(box, {names.work_stream(), names.work_consumer(pool, priority),
                               names.work_of_pool(pool, priority), options.work_ack_wait, 10'000, 4'096});
}

result<void> ensure_jobs_consumer(inbox& box, const subjects& names, const stream_options& options) {
  return create_consumer(
      box, {names.jobs_stream(), names.coordinators(), names.all_jobs(), options.jobs_ack_wait, 1'000, 512});
}

result<void> take_results_consumer(inbox& box, const subjects& names, const std::string& session,
                                   std::uint64_t epoch, const stream_options& options) {
  if (auto good = refuse_bad_token("session", session); !good)
    return good;
  const auto plan = results_plan(names, session, epoch, options);
  for (int attempt = 1;; ++attempt) {
    const auto all = list_consumers(box, plan.stream, session);
    if (!all)
      return tl::unexpected(all.error());
    for (const auto& each : *all) {
      if (each.epoch > epoch)
        return tl::unexpected(overtaken(session, each.epoch));
      if (auto gone = delete_consumer(box, plan.stream, each.name); !gone)
        return gone;
    }
    int code = 0;
    auto made = create_consumer(box, plan, &code);
    // An older owner that has just been fenced may make its consumer again in between: delete that too.
    if (made || !somebody_else_has(code) || attempt == take_attempts)
      return made;
  }
}

result<std::uint64_t> keep_results_consumer(inbox& box, const subjects& names, const std::string& session,
                                            std::uint64_t epoch, const stream_options& options) {
  const auto plan = results_plan(names, session, epoch, options);
  for (int attempt = 1;; ++attempt) {
    const auto all = list_consumers(box, plan.stream, session);
    if (!all)
      return tl::unexpected(all.error());
    for (const auto& each : *all)
      if (each.epoch > epoch)
        return each.epoch;
    // A server whose store went back to before the takeover has our predecessor's again, which is in the way.
    for (const auto& each : *all)
      if (each.epoch < epoch)
        if (auto gone = delete_consumer(box, plan.stream, each.name); !gone)
          return tl::unexpected(gone.error());
    int code = 0;
    const auto made = create_consumer(box, plan, &code);
    if (made)
      return epoch;
    // A successor may have made its consumer since we looked: look again.
    if (!somebody_else_has(code) || attempt == take_attempts)
      return tl::unexpected(made.error());
  }
}

result<void> drop_results_consumers(inbox& box, const subjects& names, const std::string& session) {
  const auto all = list_consumers(box, names.results_stream(), session);
  if (!all)
    return tl::unexpected(all.error());
  for (const auto& each : *all)
    if (auto gone = delete_consumer(box, names.results_stream(), each.name); !gone)
      return gone;
  return {};
}

} // namespace trainyard
