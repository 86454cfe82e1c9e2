// What is handed out again comes before what is new, so that a file's beginning is not left behind.
#include "nodes/images/chunk_plan.hpp"

#include <algorithm>

namespace trainyard {

std::size_t chunk_bytes_within(std::size_t max_payload) {
  const auto room =
      max_payload > 2 * chunk_headroom_bytes ? max_payload - chunk_headroom_bytes : max_payload / 2;
  return std::clamp<std::size_t>(room, 1, most_chunk_bytes);
}

chunk_plan::chunk_plan(std::uint64_t begin, std::uint64_t size, std::uint64_t chunk)
    : size_(size), chunk_(std::max<std::uint64_t>(chunk, 1)), next_(std::min(begin, size)),
      missing_(size - next_) {}

std::optional<byte_range> chunk_plan::next() {
  if (!again_.empty()) {
    const auto part = again_.back();
    again_.pop_back();
    return part;
  }
  if (next_ == size_)
    return std::nullopt;
  const byte_range part{next_, std::min(chunk_, size_ - next_)};
  next_ += part.length;
  return part;
}

void chunk_plan::arrived(const byte_range& part, std::uint64_t got) {
  got = std::min(got, part.length);
  missing_ -= got;
  if (got < part.length)
    again_.push_back({part.offset + got, part.length - got});
}

void chunk_plan::lost(const byte_range& part, std::uint64_t chunk) {
  chunk_ = std::max<std::uint64_t>(chunk, 1);
  const auto first_of_it = again_.size();
  for (std::uint64_t done = 0; done < part.length; done += chunk_)
    again_.push_back({part.offset + done, std::min(chunk_, part.length - done)});
  std::reverse(again_.begin() + static_cast<std::ptrdiff_t>(first_of_it), again_.end());
}

} // namespace trainyard
