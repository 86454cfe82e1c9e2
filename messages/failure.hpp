// What can go wrong, as a value: a kind with a stable code, a text that names the offending value, and a
// remedy.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <tl/expected.hpp>

namespace trainyard {

/// Append only within a group: the number is public (docs/errors.md) and travels on the wire.
enum class failure_kind : std::uint16_t {
  usage = 1001,
  config_invalid = 1002,
  input_missing = 1101,
  input_empty = 1102,
  output_unwritable = 1201,
  output_busy = 1202,
  output_mismatch = 1203,
  output_corrupt = 1204,
  disk_full = 1205,
  nats_unreachable = 1301,
  nats_denied = 1302,
  nats_protocol = 1303,
  nats_server_missing = 1304,
  nats_timeout = 1305,
  model_missing = 1401,
  model_invalid = 1402,
  device_unavailable = 1501,
  device_lost = 1502,
  device_out_of_memory = 1503,
  device_not_admitted = 1504,
  message_invalid = 1601,
  session_unknown = 1602,
  session_conflict = 1603, ///< the request does not fit the session's state
  coordinator_busy = 1604, ///< it has as many requests in hand as it takes: ask again in a moment
  limit_reached = 1605,    ///< what was asked for would pass a limit that somebody set
  decoder_unavailable = 1701,
  system_limit = 1801, ///< the system refuses threads, open files or memory; see messages/system_limit.hpp
  internal = 1901,
  interrupted = 1902,
  asset_missing = 2001,
  asset_denied = 2002,
  asset_outside_root = 2003,
  asset_not_a_file = 2004,
  asset_changed = 2005,
  asset_empty = 2006,
  asset_too_large = 2007,
  asset_io = 2008,
  image_unsupported = 2101,
  image_truncated = 2102,
  image_corrupt = 2103,
  image_too_many_pixels = 2104,
  decoder_crashed = 2105,
  decoder_too_slow = 2106,
  decoder_out_of_memory = 2107,
  vector_invalid = 2201,
  image_out_of_memory = 2202,
  forward_failed = 2203,
  image_ends_workers = 2204,
};

/// Where an asset was lost. The text form is what failures.jsonl holds.
enum class stage : std::uint8_t { read, decode, forward };
[[nodiscard]] std::string_view to_string(stage where) noexcept;
[[nodiscard]] stage stage_of(failure_kind kind) noexcept;

/// "TY2102" for image_truncated.
[[nodiscard]] std::string code_of(failure_kind kind);
/// The kind of "TY2102"; nothing for a text of another form. A code that this version does not know keeps its
/// number, so that it can be shown.
[[nodiscard]] std::optional<failure_kind> kind_of_code(std::string_view code) noexcept;
/// The process exit status that a failure of this kind ends in (docs/errors.md, sysexits where one fits).
[[nodiscard]] int exit_status_of(failure_kind kind) noexcept;

struct failure {
  failure_kind kind = failure_kind::internal;
  std::string cause;  ///< one line, with the value that was wrong
  std::string remedy; ///< one line, what the user can do; may be empty for assets
};

template <class T>
using result = tl::expected<T, failure>;

/// For `return fail(kind, cause, remedy);` out of a function that returns result<T>.
[[nodiscard]] inline tl::unexpected<failure> fail(failure_kind kind, std::string cause,
                                                  std::string remedy = {}) {
  return tl::unexpected<failure>(failure{kind, std::move(cause), std::move(remedy)});
}

/// The text of errno `error`, thread safe.
[[nodiscard]] std::string errno_text(int error);

} // namespace trainyard
