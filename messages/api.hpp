// What clients say to coordinators and hear from them: jobs, requests, status. Public: docs/protocol/ has the
// JSON Schemas.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "messages/fields.hpp"
#include "messages/report.hpp"
#include "messages/wire.hpp"

namespace trainyard {

/// A job: published to trainyard.jobs.ID, or asked of trainyard.api.submit.
struct session_spec {
  std::int64_t schema = wire_schema;
  std::optional<std::string> session_id; ///< a token; the same id twice is the same session
  std::string training_directory;        ///< relative to `root`, or absolute and inside a root
  std::optional<std::string> root;       ///< a name that coordinators and workers know
  std::optional<std::string> model;      ///< default: the coordinator's
  std::optional<std::uint64_t> batch_size;
  std::optional<std::uint64_t> gpu_batch_size; ///< at most this many images per forward pass
  std::optional<std::string> precision;        ///< fp32, bf16, fp16
  std::optional<std::uint32_t> priority;       ///< 0 to 2, 2 first; default 1
  std::optional<double> weight;                ///< share among sessions of a pool; default 1
  std::optional<std::string> output;           ///< relative to the output root; default: the session id
  std::optional<std::string> dtype;            ///< of the stored vectors: fp16, fp32
  std::optional<bool> prune;                   ///< images that vanished from the directory leave the output

  static constexpr auto fields() {
    return std::tuple{required("schema", &session_spec::schema),
                      optional("session_id", &session_spec::session_id),
                      required("training_directory", &session_spec::training_directory),
                      optional("root", &session_spec::root),
                      optional("model", &session_spec::model),
                      optional("batch_size", &session_spec::batch_size),
                      optional("gpu_batch_size", &session_spec::gpu_batch_size),
                      optional("precision", &session_spec::precision),
                      optional("priority", &session_spec::priority),
                      optional("weight", &session_spec::weight),
                      optional("output", &session_spec::output),
                      optional("dtype", &session_spec::dtype),
                      optional("prune", &session_spec::prune)};
  }
  bool operator==(const session_spec&) const = default;
};

struct api_error {
  std::string code; ///< "TY1101"
  std::string message;
  std::string remedy;

  static constexpr auto fields() {
    return std::tuple{required("code", &api_error::code), required("message", &api_error::message),
                      required("remedy", &api_error::remedy)};
  }
  bool operator==(const api_error&) const = default;
};

/// The answer to any request that was refused.
struct error_reply {
  std::int64_t schema = wire_schema;
  api_error error;

  static constexpr auto fields() {
    return std::tuple{required("schema", &error_reply::schema), required("error", &error_reply::error)};
  }
};

struct submit_reply {
  std::int64_t schema = wire_schema;
  std::string session_id;
  std::string state;

  static constexpr auto fields() {
    return std::tuple{required("schema", &submit_reply::schema),
                      required("session_id", &submit_reply::session_id),
                      required("state", &submit_reply::state)};
  }
};

/// Answer to status, pause, resume and cancel. embedded + failed + skipped + pending = total.
struct session_status {
  std::int64_t schema = wire_schema;
  std::string session_id;
  std::string state;  ///< queued, running, paused, completed, cancelled, failed
  std::string reason; ///< why nothing moves, or why it failed
  std::string code;   ///< "TY1101": of what a session failed by; `submit --wait` exits by it
  std::uint64_t total = 0;
  bool total_is_final = false;
  std::uint64_t embedded = 0;
  std::uint64_t failed = 0;
  std::uint64_t skipped = 0;
  std::uint64_t pending = 0;
  std::uint64_t in_flight = 0; ///< batches
  double images_per_second = 0;
  std::optional<double> eta_seconds;
  std::string submitted_at; ///< ISO 8601, UTC; empty: not yet
  std::string started_at;
  std::string finished_at;
  std::vector<std::string> devices; ///< NODE/DEVICE that have worked on it
  std::string root;
  std::string training_directory; ///< relative to `root`
  std::string model;
  std::uint32_t priority = 1;
  double weight = 1;
  std::string output;                   ///< on the coordinator's machine
  std::string coordinator;              ///< that owns it now; empty: none
  std::optional<session_report> report; ///< of a session that has ended

  static constexpr auto fields() {
    return std::tuple{required("schema", &session_status::schema),
                      required("session_id", &session_status::session_id),
                      required("state", &session_status::state),
                      required("reason", &session_status::reason),
                      optional("code", &session_status::code),
                      required("total", &session_status::total),
                      required("total_is_final", &session_status::total_is_final),
                      required("embedded", &session_status::embedded),
                      required("failed", &session_status::failed),
                      required("skipped", &session_status::skipped),
                      required("pending", &session_status::pending),
                      required("in_flight", &session_status::in_flight),
                      required("images_per_second", &session_status::images_per_second),
                      optional("eta_seconds", &session_status::eta_seconds),
                      required("submitted_at", &session_status::submitted_at),
                      required("started_at", &session_status::started_at),
                      required("finished_at", &session_status::finished_at),
                      required("devices", &session_status::devices),
                      required("root", &session_status::root),
                      required("training_directory", &session_status::training_directory),
                      required("model", &session_status::model),
                      required("priority", &session_status::priority),
                      required("weight", &session_status::weight),
                      required("output", &session_status::output),
                      required("coordinator", &session_status::coordinator),
                      optional("report", &session_status::report)};
  }
};

/// Of list: a page of all sessions, or of those in one state, the newest first.
struct list_request {
  std::optional<std::string> state;
  std::uint64_t offset = 0;
  std::optional<std::uint64_t> limit; ///< 1 to 500; without it no page is meant, see session_list

  static constexpr auto fields() {
    return std::tuple{optional("state", &list_request::state), optional("offset", &list_request::offset),
                      optional("limit", &list_request::limit)};
  }
};

struct state_count {
  std::string state;
  std::uint64_t sessions = 0;

  static constexpr auto fields() {
    return std::tuple{required("state", &state_count::state), required("sessions", &state_count::sessions)};
  }
  bool operator==(const state_count&) const = default;
};

/// Answer to list, without reports: the page that was asked for, newest first; where no `limit` was given the
/// oldest first, at most 500, those that have not ended before all others.
struct session_list {
  std::int64_t schema = wire_schema;
  std::vector<session_status> sessions;
  std::uint64_t total = 0;         ///< in the state asked for
  std::vector<state_count> states; ///< of all sessions, in every state, also with 0

  static constexpr auto fields() {
    return std::tuple{required("schema", &session_list::schema),
                      required("sessions", &session_list::sessions), optional("total", &session_list::total),
                      optional("states", &session_list::states)};
  }
};

struct failures_request {
  std::uint64_t offset = 0;
  std::uint64_t limit = 100; ///< at most 1000

  static constexpr auto fields() {
    return std::tuple{optional("offset", &failures_request::offset),
                      optional("limit", &failures_request::limit)};
  }
};

/// One line of failures.jsonl.
struct failed_image {
  std::string asset;
  std::string stage;
  std::string code;
  std::string reason;
  std::uint32_t attempts = 1;

  static constexpr auto fields() {
    return std::tuple{required("asset", &failed_image::asset), required("stage", &failed_image::stage),
                      required("code", &failed_image::code), required("reason", &failed_image::reason),
                      required("attempts", &failed_image::attempts)};
  }
};

struct failure_page {
  std::int64_t schema = wire_schema;
  std::string session_id;
  std::uint64_t offset = 0;
  std::vector<failed_image> failures;
  std::optional<std::uint64_t> next_offset; ///< missing on the last page

  static constexpr auto fields() {
    return std::tuple{
        required("schema", &failure_page::schema), required("session_id", &failure_page::session_id),
        required("offset", &failure_page::offset), required("failures", &failure_page::failures),
        optional("next_offset", &failure_page::next_offset)};
  }
};

/// A device as its worker sees it.
struct device_status {
  std::string node;
  std::string id; ///< "cuda:0": unique within the node
  std::string kind;
  std::string name;
  std::string state; ///< starting, ready, quarantined, lost
  std::string model;
  std::string precision;
  std::uint64_t images = 0; ///< since the worker started
  std::uint64_t batches = 0;
  double images_per_second = 0;   ///< while it works
  std::uint64_t memory_bytes = 0; ///< after the last batch
  std::uint64_t memory_peak_bytes = 0;
  std::uint64_t memory_limit_bytes = 0;

  static constexpr auto fields() {
    return std::tuple{required("node", &device_status::node),
                      required("id", &device_status::id),
                      required("kind", &device_status::kind),
                      required("name", &device_status::name),
                      required("state", &device_status::state),
                      required("model", &device_status::model),
                      required("precision", &device_status::precision),
                      required("images", &device_status::images),
                      required("batches", &device_status::batches),
                      required("images_per_second", &device_status::images_per_second),
                      required("memory_bytes", &device_status::memory_bytes),
                      required("memory_peak_bytes", &device_status::memory_peak_bytes),
                      required("memory_limit_bytes", &device_status::memory_limit_bytes)};
  }
  bool operator==(const device_status&) const = default;
};

struct device_list {
  std::int64_t schema = wire_schema;
  std::vector<device_status> devices;

  static constexpr auto fields() {
    return std::tuple{required("schema", &device_list::schema), required("devices", &device_list::devices)};
  }
};

/// worker -> all, core subject trainyard.events.node.NODE, once a second and when it has become idle: silent
/// for 5 s is suspect, for 15 s gone.
struct node_heartbeat {
  std::int64_t schema = wire_schema;
  std::string node;
  std::string instance; ///< of the process: another one means that the worker started again
  std::string version;
  std::string pool; ///< whose work it takes
  std::string model;
  std::string precision;
  std::string space_id;
  std::vector<std::string> roots;
  bool takes_remote = false; ///< work as well whose images it must ask coordinators for
  std::uint64_t credit = 0;  ///< batches that it wants to hold at once
  std::uint64_t in_hand = 0; ///< that it holds
  bool draining = false;
  bool idle = false;            ///< its devices have had nothing for a moment, and it has asked for more
  double images_per_second = 0; ///< of all its devices while they work
  std::vector<device_status> devices;

  static constexpr auto fields() {
    return std::tuple{required("schema", &node_heartbeat::schema),
                      required("node", &node_heartbeat::node),
                      required("instance", &node_heartbeat::instance),
                      required("version", &node_heartbeat::version),
                      required("pool", &node_heartbeat::pool),
                      required("model", &node_heartbeat::model),
                      required("precision", &node_heartbeat::precision),
                      required("space_id", &node_heartbeat::space_id),
                      required("roots", &node_heartbeat::roots),
                      optional("takes_remote", &node_heartbeat::takes_remote),
                      required("credit", &node_heartbeat::credit),
                      required("in_hand", &node_heartbeat::in_hand),
                      required("draining", &node_heartbeat::draining),
                      optional("idle", &node_heartbeat::idle),
                      required("images_per_second", &node_heartbeat::images_per_second),
                      required("devices", &node_heartbeat::devices)};
  }
  bool operator==(const node_heartbeat&) const = default;
};

/// What coordinators keep of a session, in the key-value bucket PREFIX_sessions under its id, as JSON. Only
/// the owner (who holds the lease) changes anything but `wanted`.
struct session_record {
  std::int64_t schema = wire_schema;
  session_spec spec;                ///< with every field filled in that was decided at submission
  std::string pool;                 ///< whose workers it needs
  bool remote = false;              ///< workers get its images from coordinators where they lack the root
  std::string wanted;               ///< running, paused, cancelled: what clients asked for last
  session_status status;            ///< as of the last change of state
  std::optional<bool> retry_failed; ///< its failed images are to be embedded again; until it has ended

  static constexpr auto fields() {
    return std::tuple{required("schema", &session_record::schema),
                      required("spec", &session_record::spec),
                      required("pool", &session_record::pool),
                      optional("remote", &session_record::remote),
                      required("wanted", &session_record::wanted),
                      required("status", &session_record::status),
                      optional("retry_failed", &session_record::retry_failed)};
  }
};

} // namespace trainyard
