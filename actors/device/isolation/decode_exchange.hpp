// What travels between a worker and its decoder: structs of fixed size without pointers, so that the worker
// has nothing to parse of what a decoder wrote.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <type_traits>

#include "messages/failure.hpp"

namespace trainyard {

inline constexpr std::uint32_t exchange_version = 2;

/// Where a decoder finds its descriptors.
inline constexpr int decoder_socket = 3;
inline constexpr int decoder_file_block = 4;  ///< read only: the file's bytes, from 0
inline constexpr int decoder_pixel_block = 5; ///< the prepared pixels, from 0

/// The worker's first message.
struct decoder_terms {
  std::uint32_t version = exchange_version;
  std::uint32_t time_limit_ms = 0; ///< of one image
  std::uint64_t memory_limit_bytes = 0;
  std::uint64_t file_block_bytes = 0;
  std::uint64_t pixel_block_bytes = 0;
};

/// What holds a decoder in, as far as the system has it.
enum class confinement : std::uint32_t { none = 0, memory_limit = 1, system_call_filter = 2 };

/// The decoder's first message, once it is confined and has proved on images of its own that it decodes.
struct decoder_ready {
  std::uint32_t version = 0;
  std::uint32_t is_ready = 0;
  std::uint32_t confined = 0; ///< bits of `confinement`
  std::array<char, 244> reason{};
};

struct decode_request {
  std::uint64_t number = 0; ///< random; the answer repeats it, so that none is taken for another's
  std::uint64_t file_bytes = 0;
  std::uint32_t resize = 0;
  std::uint32_t crop = 0;
  std::uint32_t scaled_short_side = 0;
  std::uint8_t fit = 0; ///< image_spec's enumerations, as numbers
  std::uint8_t filter = 0;
  std::uint8_t offset = 0;
  std::uint8_t unused = 0;
};

struct decode_answer {
  std::uint64_t number = 0;
  std::uint32_t kind = 0; ///< 0: the pixels are there; else a failure_kind of decoding
  std::uint32_t width = 0;
  std::uint32_t height = 0;
  std::array<char, 300> cause{};
  std::array<char, 128> remedy{};
};

static_assert(std::is_trivially_copyable_v<decode_answer> && std::is_trivially_copyable_v<decode_request>);

template <class Message>
[[nodiscard]] std::span<std::byte> bytes_of(Message& message) {
  return std::as_writable_bytes(std::span(&message, 1));
}

[[nodiscard]] decode_answer answer_of(std::uint64_t number, std::uint32_t width, std::uint32_t height);
[[nodiscard]] decode_answer answer_of(std::uint64_t number, const failure& why);

/// Whatever a decoder may have written: only numbers in range and kinds that decoding ends in.
[[nodiscard]] bool is_sound(const decode_answer& answer, const decode_request& request);
/// Of a sound answer that is no success. Bytes that are no printable ASCII become '?'.
[[nodiscard]] failure failure_in(const decode_answer& answer);
[[nodiscard]] std::string text_in(std::span<const char> field);
void put_text(std::span<char> field, std::string_view text);

} // namespace trainyard
