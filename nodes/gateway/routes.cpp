// The table itself.
#include "nodes/gateway/routes.hpp"

#include <array>

namespace trainyard {
namespace {

using enum operation;

constexpr std::array list_parameters{
    query_parameter{.name = "state",
                    .sentence = "Only sessions in this state.",
                    .choices = "queued|running|paused|completed|cancelled|failed"},
    query_parameter{.name = "offset", .sentence = "Sessions to leave out, newest first.", .most = 1'000'000},
    query_parameter{
        .name = "limit", .sentence = "Most sessions to show.", .standard = 100, .least = 1, .most = 500},
};
constexpr std::array failure_parameters{
    query_parameter{
        .name = "offset", .sentence = "Failures to leave out at the beginning.", .most = 1'000'000'000'000},
    query_parameter{
        .name = "limit", .sentence = "Most failures to show.", .standard = 100, .least = 1, .most = 1000},
};
constexpr std::array dead_letter_parameters{
    query_parameter{
        .name = "offset", .sentence = "Failures to leave out at the beginning.", .most = 1'000'000'000'000},
    query_parameter{
        .name = "limit", .sentence = "Most failures to show.", .standard = 50, .least = 1, .most = 200},
};
constexpr std::array ready_parameters{
    query_parameter{.name = "verbose", .sentence = "Tell of each check, not only of the whole."},
};

constexpr route about(std::string_view verb, std::string_view path, std::string_view name,
                      std::string_view sentence) {
  return {.what = about_session,
          .method = "POST",
          .path = path,
          .name = name,
          .sentence = sentence,
          .verb = verb,
          .takes = "nothing",
          .gives = "session_status"};
}

constexpr std::size_t large_body_bytes = std::size_t{12} << 20U; ///< a message of 8 MiB in base64

constexpr std::array table{
    route{.what = submit,
          .method = "POST",
          .path = "/api/v1/training/sessions",
          .name = "submitSession",
          .sentence =
              "Embed a folder of images: a new session. The same session_id twice is the same session.",
          .verb = "submit",
          .takes = "new_session",
          .gives = "session_status",
          .status = 201},
    route{.what = list,
          .method = "GET",
          .path = "/api/v1/training/sessions",
          .name = "listSessions",
          .sentence = "List sessions, newest first.",
          .verb = "list",
          .gives = "session_page",
          .query = list_parameters},
    route{.what = about_session,
          .method = "GET",
          .path = "/api/v1/training/sessions/{id}",
          .name = "showSession",
          .sentence = "Show how far a session is; one that has ended with its report.",
          .verb = "status",
          .gives = "session_status"},
    about("pause", "/api/v1/training/sessions/{id}/pause", "pauseSession",
          "Stop a session until it is resumed; what is done stays done."),
    about("resume", "/api/v1/training/sessions/{id}/resume", "resumeSession", "Let a paused session go on."),
    about("cancel", "/api/v1/training/sessions/{id}/cancel", "cancelSession",
          "End a session for good; what is done stays done."),
    about("retry", "/api/v1/training/sessions/{id}/retry", "retrySession",
          "Embed a session's failed images again."),
    route{.what = failures,
          .method = "GET",
          .path = "/api/v1/training/sessions/{id}/failures",
          .name = "listFailures",
          .sentence = "List a session's failed images.",
          .verb = "failures",
          .gives = "failure_page",
          .query = failure_parameters},
    route{.what = session_history,
          .method = "GET",
          .path = "/api/v1/training/sessions/{id}/history",
          .name = "sessionHistory",
          .sentence =
              "Images per second of a session in the last 15 minutes, as far as this gateway heard it.",
          .gives = "session_history"},
    route{.what = devices,
          .method = "GET",
          .path = "/api/v1/devices",
          .name = "listDevices",
          .sentence = "List the devices of all workers.",
          .verb = "devices",
          .gives = "device_list"},
    route{.what = dead_letters,
          .method = "GET",
          .path = "/api/v1/failures",
          .name = "listDeadLetters",
          .sentence =
              "List the failed images of all sessions, the newest session first; a page may hold less "
              "than its limit.",
          .gives = "dead_letter_page",
          .query = dead_letter_parameters},
    route{.what = health,
          .method = "GET",
          .path = "/api/v1/health",
          .name = "fleetHealth",
          .sentence = "Tell what is wrong with the fleet, check by check with a remedy, what needs somebody "
                      "first; and what waits in its streams.",
          .gives = "health_page"},
    route{.what = nodes,
          .method = "GET",
          .path = "/api/v1/nodes",
          .name = "listNodes",
          .sentence =
              "List the workers that this gateway has heard of, with the time of their last heartbeat.",
          .gives = "node_page"},
    route{.what = history,
          .method = "GET",
          .path = "/api/v1/history",
          .name = "fleetHistory",
          .sentence = "Rate and device memory in the last 15 minutes, second by second, as far as this "
                      "gateway heard it.",
          .gives = "fleet_history"},
    route{.what = events,
          .method = "GET",
          .path = "/api/v1/events",
          .name = "events",
          .sentence =
              "Server-sent events until you hang up: 'session' with a session_progress and 'node' with "
              "a node_heartbeat, each about once a second.",
          .gives = "event_stream",
          .content_type = "text/event-stream"},
    route{.what = embeddings,
          .method = "POST",
          .path = "/v1/embeddings",
          .name = "embed",
          .sentence = "Embed texts and images (as data URIs), at most 32, on workers that have the model: as "
                      "OpenAI's API "
                      "has it, before all sessions.",
          .takes = "embeddings_request",
          .gives = "embeddings",
          .body_bytes = large_body_bytes},
    route{
        .what = predict,
        .method = "POST",
        .path = "/predict",
        .name = "predict",
        .sentence =
            "Embed an image or a text as Immich asks its machine learning service to, for its smart search.",
        .takes = "predict_form",
        .gives = "prediction",
        .body_type = "multipart/form-data",
        .body_bytes = large_body_bytes},
    route{.what = ping,
          .method = "GET",
          .path = "/ping",
          .name = "ping",
          .sentence = "\"pong\", which Immich waits for.",
          .gives = "text",
          .content_type = "text/plain",
          .open = true},
    route{.what = log_in,
          .method = "POST",
          .path = "/api/v1/login",
          .name = "logIn",
          .sentence = "Exchange the token for a cookie, as browsers do.",
          .takes = "login",
          .status = 204,
          .open = true},
    route{.what = log_out,
          .method = "POST",
          .path = "/api/v1/logout",
          .name = "logOut",
          .sentence = "Forget the cookie.",
          .takes = "nothing",
          .status = 204,
          .open = true},
    route{.what = openapi,
          .method = "GET",
          .path = "/api/v1/openapi.json",
          .name = "openapi",
          .sentence = "This document.",
          .gives = "openapi",
          .open = true},
    route{.what = metrics,
          .method = "GET",
          .path = "/metrics",
          .name = "metrics",
          .sentence = "Metrics of the fleet and of this process: Prometheus text, or OpenMetrics by Accept.",
          .gives = "text",
          .content_type = "text/plain"},
    route{.what = livez,
          .method = "GET",
          .path = "/livez",
          .name = "livez",
          .sentence = "Whether this process answers.",
          .gives = "text",
          .content_type = "text/plain",
          .open = true},
    route{.what = readyz,
          .method = "GET",
          .path = "/readyz",
          .name = "readyz",
          .sentence = "Whether NATS and a coordinator answer; 503 where not.",
          .gives = "text",
          .content_type = "text/plain",
          .open = true,
          .query = ready_parameters},
};

} // namespace

std::span<const route> routes() {
  return table;
}

} // namespace trainyard
