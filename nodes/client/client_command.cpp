// Each command is one request, printed one way for people and one way for programs.
#include "nodes/client/client_command.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

#include "nodes/client/api_client.hpp"
#include "nodes/client/submission.hpp"
#include "nodes/client/tables.hpp"
#include "nodes/client/upload.hpp"
#include "nodes/client/watch.hpp"
#include "nodes/terminal/command_end.hpp"
#include "nodes/terminal/safe_text.hpp"

namespace trainyard {
namespace {

constexpr std::size_t most_named = 10; ///< images that were left out
constexpr int some_failed = 3;         ///< as a session's end with failed images

void notice(const std::string& text) {
  std::fputs((text + "\n").c_str(), stderr);
}

struct client_call {
  std::string_view name;
  const std::string& argument; ///< DIR or ID; empty where the command takes none
  const settings& from;
  api_client& api;
};

template <wire_struct T>
int show(const client_call& call, const result<api_reply<T>>& reply, std::string (*table)(const T&)) {
  if (!reply)
    return fail_with(reply.error());
  return print(call.from.boolean("run.json") ? reply->line + "\n" : table(reply->value));
}

int sessions(const client_call& call) {
  return show(call, call.api.ask<session_list>("list"), sessions_table);
}

int devices(const client_call& call) {
  return show(call, call.api.ask<device_list>("devices"), devices_table);
}

/// status, pause, resume, cancel, retry: the command is the verb, and all answer with the status.
int about_session(const client_call& call) {
  return show(call, call.api.ask<session_status>(call.name, call.argument), status_table);
}

int failures(const client_call& call) {
  const failures_request wanted{static_cast<std::uint64_t>(call.from.integer("page.offset")),
                                static_cast<std::uint64_t>(call.from.integer("page.limit"))};
  const auto reply = call.api.ask<failure_page>("failures", call.argument, to_json_text(wanted));
  const int status = show(call, reply, failures_table);
  if (reply && reply->value.next_offset && !call.from.boolean("run.json"))
    notice("There are more: trainyard failures " + call.argument + " --offset " +
           std::to_string(*reply->value.next_offset));
  return status;
}

int watch(const client_call& call) {
  return watch_session(call.api, call.argument, call.from);
}

/// Sends the folder's images and points the job at them. How many are left out.
result<std::size_t> upload_for(const client_call& call, session_spec& spec) {
  if (spec.root)
    return fail(failure_kind::usage,
                "--upload sends a folder of this machine, and --root names one of the cluster's",
                "give one of them");
  const auto listing = list_for_upload(call.argument);
  if (!listing)
    return tl::unexpected(listing.error());
  const auto sent = upload(call.api, call.argument, *listing, call.from);
  if (!sent)
    return tl::unexpected(sent.error());
  auto left_out = listing->left_out;
  left_out.insert(left_out.end(), sent->left_out.begin(), sent->left_out.end());
  for (std::size_t i = 0; i < left_out.size() && i < most_named; ++i)
    notice("Left out: " + left_out[i]);
  if (left_out.size() > most_named)
    notice("Left out: " + std::to_string(left_out.size() - most_named) + " more");
  notice("Upload " + listing->folder + ": " + std::to_string(sent->sent) + " images sent, " +
         std::to_string(sent->already_there) + " were there already");
  place_in_upload(spec, listing->folder);
  return left_out.size();
}

int submit_job(const client_call& call) {
  auto spec = spec_of(call.argument, call.from);
  if (!spec)
    return fail_with(spec.error());
  std::size_t left_out = 0;
  if (call.from.boolean("job.upload")) {
    const auto counted = upload_for(call, *spec);
    if (!counted)
      return fail_with(counted.error());
    left_out = *counted;
  }
  const auto made = submit(call.api, std::move(*spec));
  if (!made)
    return fail_with(made.error());
  const auto& id = made->reply.session_id;
  if (made->left_in_queue)
    notice("No coordinator answers: session " + id + " is queued until one starts.");
  const bool waits = call.from.boolean("job.wait");
  if (waits && is_token(id)) {
    const int status = watch_session(call.api, id, call.from, just_submitted::yes);
    return status == 0 && left_out > 0 ? some_failed : status;
  }
  const int status = print(call.from.boolean("run.json")
                               ? made->line + "\n"
                               : "session " + safe_text(id) + " " + safe_text(made->reply.state) + "\n");
  if (!call.from.boolean("run.json"))
    notice("To follow it: trainyard watch " + safe_text(id));
  return status == 0 && left_out > 0 ? some_failed : status;
}

struct known_command {
  std::string_view name;
  int (*act)(const client_call&);
  bool takes_id = true;
};

constexpr std::array known{
    known_command{"submit", submit_job, false}, known_command{"sessions", sessions, false},
    known_command{"devices", devices, false},   known_command{"status", about_session},
    known_command{"pause", about_session},      known_command{"resume", about_session},
    known_command{"cancel", about_session},     known_command{"retry", about_session},
    known_command{"failures", failures},        known_command{"watch", watch}};

} // namespace

bool is_client_command(std::string_view name) {
  return std::ranges::find(known, name, &known_command::name) != known.end();
}

int client_command(std::string_view name, const std::vector<std::string>& positionals, const settings& from) {
  const auto command = std::ranges::find(known, name, &known_command::name);
  const auto argument = positionals.empty() ? std::string() : positionals.front();
  if (command->takes_id && !is_token(argument))
    return fail_with({failure_kind::usage, "'" + argument + "' is no id of a session",
                      "an id has 1 to 64 letters, digits, - or _; `trainyard sessions` lists them"});
  auto api = api_client::open(from, "trainyard " + std::string(name));
  if (!api)
    return fail_with(api.error());
  return command->act({command->name, argument, from, *api});
}

} // namespace trainyard
