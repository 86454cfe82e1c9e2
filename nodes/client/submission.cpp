// Asked for first, as a coordinator can say what is wrong with a job; queued where there is none.
#include "nodes/client/submission.hpp"

#include <filesystem>

#include "actors/disk/sha256.hpp"
#include "messages/images.hpp"
#include "nodes/nats/publishing.hpp"
#include "nodes/nats/random_text.hpp"

namespace trainyard {
namespace {

namespace fs = std::filesystem;

std::optional<std::string> text_if_given(const settings& from, std::string_view key) {
  return from.is_given(key) && !from.text(key).empty() ? std::optional(from.text(key)) : std::nullopt;
}

result<void> check_token(const char* flag, const std::optional<std::string>& text) {
  if (!text || is_token(*text))
    return {};
  return fail(failure_kind::usage,
              std::string(flag) + " is '" + *text + "', not 1 to 64 letters, digits, - or _",
              "see trainyard submit --help");
}

std::string as_seen_by_the_cluster(const std::string& directory, bool below_root) {
  std::error_code ignored;
  if (below_root || !fs::exists(directory, ignored))
    return directory;
  auto path = fs::absolute(directory, ignored).lexically_normal();
  return (path.has_filename() || path == path.root_path() ? path : path.parent_path()).string();
}

result<submission> leave_in_queue(api_client& api, session_spec spec) {
  const auto stream = api.names().jobs_stream();
  request what;
  what.subject = api.names().job(*spec.session_id);
  what.headers = {{"Content-Type", "application/json"}, {"Nats-Msg-Id", *spec.session_id}};
  what.payload = payload_of(to_json_text(spec));
  const auto before = api.link()->incarnation();
  const auto stored = api.box().call(std::move(what));
  const bool held = api.link()->connected() && api.link()->incarnation() == before;
  if (!stored && stored.error().kind == failure_kind::nats_unreachable && held)
    return fail(failure_kind::nats_unreachable,
                "no coordinator answers at " + api.link()->safe_url() + ", and no stream " + stream +
                    " is there to leave the job in",
                "start `trainyard coordinator` there, or correct --nats, --context or --nats-prefix");
  std::optional<failure> trouble;
  const auto outcome = outcome_of(stored, trouble);
  if (outcome == publish_outcome::full)
    return fail(failure_kind::disk_full, "the stream " + stream + " has no room for another job",
                "start a coordinator that takes the jobs in it");
  if (outcome == publish_outcome::unknown || outcome == publish_outcome::refused)
    return tl::unexpected(trouble ? *trouble
                          : stored
                              ? failure{failure_kind::nats_protocol,
                                        "the server's answer for stream " + stream + " is not understood", ""}
                              : stored.error());
  submission made;
  made.reply.session_id = *spec.session_id;
  made.reply.state = "queued";
  made.line = to_json_text(made.reply);
  made.left_in_queue = true;
  return made;
}

} // namespace

result<session_spec> spec_of(const std::string& directory, const settings& from) {
  session_spec spec;
  spec.session_id = text_if_given(from, "job.session_id");
  spec.root = text_if_given(from, "job.root");
  for (const auto& each : {check_token("--session-id", spec.session_id), check_token("--root", spec.root)})
    if (!each)
      return tl::unexpected(each.error());
  spec.training_directory = as_seen_by_the_cluster(directory, spec.root.has_value());
  spec.model = text_if_given(from, "run.model");
  spec.dtype = text_if_given(from, "run.dtype");
  spec.output = text_if_given(from, "job.output");
  if (!from.is_auto("device.precision"))
    spec.precision = text_if_given(from, "device.precision");
  if (from.is_given("run.batch_size"))
    spec.batch_size = static_cast<std::uint64_t>(from.integer("run.batch_size"));
  if (const auto size = from.integer_unless_auto("device.gpu_batch_size"))
    spec.gpu_batch_size = static_cast<std::uint64_t>(*size);
  if (from.is_given("job.priority"))
    spec.priority = static_cast<std::uint32_t>(from.integer("job.priority"));
  if (from.is_given("job.weight"))
    spec.weight = from.number("job.weight");
  if (from.boolean("run.prune"))
    spec.prune = true;
  return spec;
}

void place_in_upload(session_spec& spec, const std::string& folder) {
  spec.root = upload_root_name;
  spec.training_directory = folder;
  if (!spec.session_id) {
    const auto said = to_json_text(spec);
    const auto digest = sha256_of(std::string_view(said));
    spec.session_id = "session-" + to_hex(std::span(digest).first(8));
  }
}

result<submission> submit(api_client& api, session_spec spec) {
  if (!spec.session_id) // here, not at the coordinator: asked again after a lost reply, it is the same
                        // session
    spec.session_id = "session-" + random_hex(8);
  bool nobody = false;
  auto reply = api.ask<submit_reply>("submit", {}, to_json_text(spec), &nobody);
  if (reply)
    return submission{std::move(reply->value), std::move(reply->line), false};
  return nobody ? leave_in_queue(api, std::move(spec)) : tl::unexpected(reply.error());
}

} // namespace trainyard
