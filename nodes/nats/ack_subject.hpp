// What a JetStream reply subject says: stream, consumer, how often delivered. Both forms, nine tokens and
// eleven or twelve.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace trainyard {

struct ack_address {
  std::string stream;
  std::string consumer;
  std::uint64_t delivered = 1;
  std::uint64_t stream_sequence = 0;
};

/// Nothing where `subject` is not an acknowledgement subject.
[[nodiscard]] std::optional<ack_address> parse_ack_subject(std::string_view subject);

} // namespace trainyard
