// $JS.ACK.STREAM.CONSUMER.DELIVERED.SEQ.CSEQ.TIME.PENDING, or with DOMAIN.ACCOUNT before STREAM (11 tokens)
// and possibly a random one at the end (12).
#include "nodes/nats/ack_subject.hpp"

#include <charconv>
#include <vector>

namespace trainyard {

namespace {

std::vector<std::string_view> split(std::string_view text) {
  std::vector<std::string_view> tokens;
  while (true) {
    const auto dot = text.find('.');
    tokens.push_back(text.substr(0, dot));
    if (dot == std::string_view::npos)
      return tokens;
    text.remove_prefix(dot + 1);
  }
}

std::optional<std::uint64_t> number(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size())
    return std::nullopt;
  return value;
}

} // namespace

std::optional<ack_address> parse_ack_subject(std::string_view subject) {
  if (subject.size() > 1024)
    return std::nullopt;
  const auto tokens = split(subject);
  if ((tokens.size() != 9 && tokens.size() != 11 && tokens.size() != 12) || tokens[0] != "$JS" ||
      tokens[1] != "ACK")
    return std::nullopt;
  const std::size_t first = tokens.size() == 9 ? 2 : 4;
  const auto delivered = number(tokens[first + 2]);
  const auto sequence = number(tokens[first + 3]);
  if (!delivered || !sequence || tokens[first].empty() || tokens[first + 1].empty())
    return std::nullopt;
  return ack_address{std::string(tokens[first]), std::string(tokens[first + 1]), *delivered, *sequence};
}

} // namespace trainyard
