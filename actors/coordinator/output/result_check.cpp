// The checks on a batch's result, cheapest first.
#include "actors/coordinator/output/result_check.hpp"

#include <limits>
#include <optional>
#include <string>

namespace trainyard {

namespace {

tl::unexpected<failure> invalid(const batch_result& done, const std::string& what) {
  return fail(failure_kind::message_invalid, "result of batch " + std::to_string(done.batch) + ": " + what,
              "run the same trainyard version on every node");
}

std::string differs(const std::string& name, const std::string& got, const std::string& wanted) {
  return name + " is " + got + ", this output holds " + wanted;
}

/// What is wrong with the positions: both lists must rise, and together name 0 .. assets - 1 once each.
std::optional<std::string> misplaced(std::size_t assets, const batch_result& done) {
  auto embedded = done.embedded.begin();
  auto failed = done.failed.begin();
  for (std::size_t wanted = 0; wanted < assets; ++wanted) {
    const bool has_vector = embedded != done.embedded.end() && embedded->position == wanted;
    const bool has_failed = failed != done.failed.end() && failed->position == wanted;
    if (has_vector == has_failed)
      return "asset " + std::to_string(wanted) +
             (has_vector ? " is embedded and failed" : " is missing or misplaced");
    embedded += has_vector ? 1 : 0;
    failed += has_failed ? 1 : 0;
  }
  if (embedded != done.embedded.end() || failed != done.failed.end())
    return "more positions than its " + std::to_string(assets) + " assets";
  return std::nullopt;
}

std::optional<std::string> does_not_fit(const batch_result& done) {
  static constexpr std::uint32_t most_pixels = std::numeric_limits<std::int32_t>::max();
  static constexpr std::uint64_t most_bytes = std::numeric_limits<std::int64_t>::max();
  for (const auto& each : done.embedded) {
    const auto which = " of asset " + std::to_string(each.position);
    if (each.width > most_pixels || each.height > most_pixels || each.bytes > most_bytes)
      return "size" + which + " is out of range";
    if (each.sha256.bytes.size() != 32)
      return "sha256" + which + " has " + std::to_string(each.sha256.bytes.size()) + " bytes";
  }
  for (const auto& each : done.failed)
    if (each.kind < 1000 || each.kind > 9999) // TY and four digits
      return "failure kind " + std::to_string(each.kind) + " of asset " + std::to_string(each.position);
  return std::nullopt;
}

/// Index of the first value that is infinite or not a number: all bits of its exponent are set.
std::optional<std::size_t> not_finite(std::span<const std::byte> values, bool is_fp32) {
  const std::size_t value_bytes = is_fp32 ? 4 : 2;
  for (std::size_t i = 0; i < values.size(); i += value_bytes) {
    const auto high = std::to_integer<unsigned>(values[i + value_bytes - 1]) << 8 |
                      std::to_integer<unsigned>(values[i + value_bytes - 2]); // little-endian
    const unsigned exponent = is_fp32 ? 0x7F80U : 0x7C00U;
    if ((high & exponent) == exponent)
      return i / value_bytes;
  }
  return std::nullopt;
}

} // namespace

result<void> check_result(const output_spec& spec, std::span<const work_asset> assets,
                          const batch_result& done) {
  if (done.space_id != spec.space_id)
    return invalid(done, differs("space_id", done.space_id, spec.space_id));
  if (done.dtype != spec.dtype)
    return invalid(done, differs("dtype", done.dtype, spec.dtype));
  if (done.dim != spec.dim)
    return invalid(done, differs("dim", std::to_string(done.dim), std::to_string(spec.dim)));
  if (const auto wrong = misplaced(assets.size(), done))
    return invalid(done, *wrong);
  if (done.vectors.bytes.size() != done.embedded.size() * spec.row_bytes())
    return invalid(done, std::to_string(done.vectors.bytes.size()) + " bytes of vectors for " +
                             std::to_string(done.embedded.size()) + " rows");
  if (const auto wrong = does_not_fit(done))
    return invalid(done, *wrong);
  if (const auto at = not_finite(done.vectors.bytes, spec.dtype == "fp32"))
    return invalid(done, "value " + std::to_string(*at % spec.dim) + " of row " +
                             std::to_string(*at / spec.dim) + " is not finite");
  return {};
}

} // namespace trainyard
