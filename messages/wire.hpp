// What travels between processes: batches of assets out, vectors or per-asset failures back.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "messages/fields.hpp"

namespace trainyard {

/// Version of every message below; a peer that speaks another refuses with a text, never guesses.
inline constexpr std::int64_t wire_schema = 1;

/// One image of a batch. `path` is relative to the batch's directory, in raw bytes as the file system has it.
struct work_asset {
  std::string path;
  std::uint64_t bytes = 0;
  std::int64_t mtime_ns = 0;

  static constexpr auto fields() {
    return std::tuple{required("path", &work_asset::path), required("bytes", &work_asset::bytes),
                      required("mtime_ns", &work_asset::mtime_ns)};
  }
  bool operator==(const work_asset&) const = default;
};

/// A stretch of a batch's images that is worked on by itself; count 0: the whole batch.
struct batch_piece {
  std::uint32_t first = 0; ///< position in the batch of the piece's first image
  std::uint32_t count = 0;

  static constexpr auto fields() {
    return std::tuple{required("first", &batch_piece::first), required("count", &batch_piece::count)};
  }
  [[nodiscard]] bool is_whole() const { return count == 0; }
  auto operator<=>(const batch_piece&) const = default;
};

/// coordinator -> worker, stream TRAINYARD_WORK.
struct work_batch {
  std::int64_t schema = wire_schema;
  std::string session;
  std::uint64_t batch = 0;
  std::uint32_t attempt = 1;
  std::string model;     ///< name in the worker's model store
  std::string space_id;  ///< the worker refuses when its model gives another
  std::string root;      ///< name of the root on the worker
  std::string directory; ///< of the session, below the root; empty: the root itself
  bool remote = false;   ///< coordinators send the images to workers that lack the root
  std::string dtype = "fp16";
  std::uint32_t gpu_batch_size = 0; ///< at most so many images per forward pass; 0: the device's own choice
  batch_piece piece;                ///< of the batch that `assets` are
  bool suspected = false; ///< it may be what ended workers: each says when it begins, and takes one at a time
  std::vector<work_asset> assets;

  static constexpr auto fields() {
    return std::tuple{required("schema", &work_batch::schema),
                      required("session", &work_batch::session),
                      required("batch", &work_batch::batch),
                      required("attempt", &work_batch::attempt),
                      required("model", &work_batch::model),
                      required("space_id", &work_batch::space_id),
                      required("root", &work_batch::root),
                      required("directory", &work_batch::directory),
                      optional("remote", &work_batch::remote),
                      required("dtype", &work_batch::dtype),
                      optional("gpu_batch_size", &work_batch::gpu_batch_size),
                      optional("piece", &work_batch::piece),
                      optional("suspected", &work_batch::suspected),
                      required("assets", &work_batch::assets)};
  }
  bool operator==(const work_batch&) const = default;
};

/// Of one of its assets.
[[nodiscard]] inline std::string path_in_root(const work_batch& batch, const work_asset& asset) {
  return batch.directory.empty() ? asset.path : batch.directory + "/" + asset.path;
}

/// One image that has a vector. Row i of batch_result::vectors belongs to embedded[i].
struct embedded_asset {
  std::uint32_t position = 0; ///< index into work_batch::assets, strictly increasing
  std::uint32_t width = 0;    ///< pixels, as stored in the file
  std::uint32_t height = 0;
  std::uint64_t bytes = 0; ///< as read, which may differ from the listing's
  blob sha256;             ///< 32 bytes, of the file's content

  static constexpr auto fields() {
    return std::tuple{required("position", &embedded_asset::position),
                      required("width", &embedded_asset::width), required("height", &embedded_asset::height),
                      required("bytes", &embedded_asset::bytes), required("sha256", &embedded_asset::sha256)};
  }
  bool operator==(const embedded_asset&) const = default;
};

struct failed_asset {
  std::uint32_t position = 0; ///< index into work_batch::assets, strictly increasing
  std::uint32_t kind = 0;     ///< failure_kind
  std::string reason;

  static constexpr auto fields() {
    return std::tuple{required("position", &failed_asset::position), required("kind", &failed_asset::kind),
                      required("reason", &failed_asset::reason)};
  }
  bool operator==(const failed_asset&) const = default;
};

/// Collections of a device's memory by what asked for them.
struct collection_counts {
  std::uint32_t interval = 0;      ///< every N images
  std::uint32_t soft_mark = 0;     ///< early, as memory was getting short
  std::uint32_t hard_mark = 0;     ///< before a pass that memory was too short for
  std::uint32_t out_of_memory = 0; ///< after a pass that failed

  static constexpr auto fields() {
    return std::tuple{required("interval", &collection_counts::interval),
                      required("soft_mark", &collection_counts::soft_mark),
                      required("hard_mark", &collection_counts::hard_mark),
                      required("out_of_memory", &collection_counts::out_of_memory)};
  }
  [[nodiscard]] std::uint32_t total() const { return interval + soft_mark + hard_mark + out_of_memory; }
  bool operator==(const collection_counts&) const = default;
};

/// A device's memory around one batch, in bytes, and what was done to keep it flat.
struct memory_sample {
  std::uint64_t limit_bytes = 0; ///< 0: unknown
  std::uint64_t before_bytes = 0;
  std::uint64_t after_bytes = 0;
  std::uint64_t peak_bytes = 0;
  collection_counts collections;
  double collection_seconds = 0;
  std::uint32_t oom_retries = 0;
  std::uint32_t oom_splits = 0;
  std::uint32_t micro_batch =
      0; ///< images per forward pass at the end of the batch: less than asked when short

  static constexpr auto fields() {
    return std::tuple{required("limit_bytes", &memory_sample::limit_bytes),
                      required("before_bytes", &memory_sample::before_bytes),
                      required("after_bytes", &memory_sample::after_bytes),
                      required("peak_bytes", &memory_sample::peak_bytes),
                      required("collections", &memory_sample::collections),
                      required("collection_seconds", &memory_sample::collection_seconds),
                      required("oom_retries", &memory_sample::oom_retries),
                      required("oom_splits", &memory_sample::oom_splits),
                      required("micro_batch", &memory_sample::micro_batch)};
  }
  bool operator==(const memory_sample&) const = default;
};

/// Seconds of work in each stage, summed over the threads that did it.
struct stage_seconds {
  double read = 0;
  double decode = 0;
  double forward = 0;

  static constexpr auto fields() {
    return std::tuple{required("read", &stage_seconds::read), required("decode", &stage_seconds::decode),
                      required("forward", &stage_seconds::forward)};
  }
  bool operator==(const stage_seconds&) const = default;
};

/// What a batch_result tells.
enum class result_kind : std::uint32_t {
  outcome = 0,
  begun = 1,   ///< no outcome: a worker begins a batch that is suspected of having ended others
  gave_up = 2, ///< no outcome: it took this worker's devices down, one after the other
};

/// worker -> coordinator, stream TRAINYARD_RESULTS. Of an outcome, every asset of the batch, or of its piece,
/// is in `embedded` or in `failed`.
struct batch_result {
  std::int64_t schema = wire_schema;
  std::string session;
  std::uint64_t batch = 0;
  std::uint32_t attempt = 1;
  std::string node;
  std::string device; ///< "cpu", "cuda:0": unique within the node
  std::string device_kind;
  std::string device_name;
  std::string precision;
  std::string space_id;
  std::string dtype = "fp16";
  std::uint32_t dim = 0;
  std::vector<embedded_asset> embedded;
  blob vectors; ///< embedded.size() x dim, C order, little-endian, `dtype`, each row L2-normalised
  std::vector<failed_asset> failed;
  memory_sample memory;
  stage_seconds seconds;
  batch_piece piece;      ///< as in the work; positions count from its first image
  std::uint32_t kind = 0; ///< result_kind
  std::string word;       ///< of a `begun`: its own id, so that a repeat of it is known as one

  static constexpr auto fields() {
    return std::tuple{required("schema", &batch_result::schema),
                      required("session", &batch_result::session),
                      required("batch", &batch_result::batch),
                      required("attempt", &batch_result::attempt),
                      required("node", &batch_result::node),
                      required("device", &batch_result::device),
                      required("device_kind", &batch_result::device_kind),
                      required("device_name", &batch_result::device_name),
                      required("precision", &batch_result::precision),
                      required("space_id", &batch_result::space_id),
                      required("dtype", &batch_result::dtype),
                      required("dim", &batch_result::dim),
                      required("embedded", &batch_result::embedded),
                      required("vectors", &batch_result::vectors),
                      required("failed", &batch_result::failed),
                      required("memory", &batch_result::memory),
                      required("seconds", &batch_result::seconds),
                      optional("piece", &batch_result::piece),
                      optional("kind", &batch_result::kind),
                      optional("word", &batch_result::word)};
  }
  bool operator==(const batch_result&) const = default;
};

/// coordinator -> anyone, core subject trainyard.events.session.ID, about once a second.
struct session_progress {
  std::int64_t schema = wire_schema;
  std::string session_id;
  std::string state; ///< listing, running, paused, draining
  std::string reason;
  std::uint64_t total = 0;
  bool total_is_final = false; ///< false while the directory is still being listed
  std::uint64_t embedded = 0;
  std::uint64_t failed = 0;
  std::uint64_t skipped = 0;
  std::uint64_t pending = 0;
  std::uint64_t in_flight = 0; ///< batches
  double images_per_second = 0;
  std::optional<double> eta_seconds;
  std::vector<std::string> devices; ///< NODE/DEVICE that have worked on it

  static constexpr auto fields() {
    return std::tuple{required("schema", &session_progress::schema),
                      required("session_id", &session_progress::session_id),
                      required("state", &session_progress::state),
                      required("reason", &session_progress::reason),
                      required("total", &session_progress::total),
                      required("total_is_final", &session_progress::total_is_final),
                      required("embedded", &session_progress::embedded),
                      required("failed", &session_progress::failed),
                      required("skipped", &session_progress::skipped),
                      required("pending", &session_progress::pending),
                      required("in_flight", &session_progress::in_flight),
                      required("images_per_second", &session_progress::images_per_second),
                      optional("eta_seconds", &session_progress::eta_seconds),
                      optional("devices", &session_progress::devices)};
  }
  bool operator==(const session_progress&) const = default;
};

} // namespace trainyard
