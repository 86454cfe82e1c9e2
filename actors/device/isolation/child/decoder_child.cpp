// Reads requests from descriptor 3 and answers them; whatever ends the worker ends it.
#include "actors/device/isolation/child/decoder_child.hpp"

#include <cerrno>
#include <cstdio>
#include <new>

#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "actors/device/isolation/child/confinement.hpp"

namespace trainyard {
namespace {

bool receive(std::span<std::byte> message) {
  while (!message.empty()) {
    const auto got = ::read(decoder_socket, message.data(), message.size());
    if (got == 0 || (got < 0 && errno != EINTR))
      return false;
    if (got > 0)
      message = message.subspan(static_cast<std::size_t>(got));
  }
  return true;
}

bool send(std::span<const std::byte> message) {
  while (!message.empty()) {
    const auto put = ::write(decoder_socket, message.data(), message.size());
    if (put < 0 && errno != EINTR)
      return false;
    if (put > 0)
      message = message.subspan(static_cast<std::size_t>(put));
  }
  return true;
}

template <class Message>
bool send_message(const Message& message) {
  return send(std::as_bytes(std::span(&message, 1)));
}

struct mapped_blocks {
  std::span<const std::uint8_t> file;
  std::span<std::uint8_t> pixels;
};

std::uint8_t* map(int block, std::uint64_t bytes, int protection) {
  void* const at = ::mmap(nullptr, static_cast<std::size_t>(bytes), protection, MAP_SHARED, block, 0);
  ::close(block);
  return at == MAP_FAILED ? nullptr : static_cast<std::uint8_t*>(at);
}

result<mapped_blocks> map_blocks(const decoder_terms& terms) {
  const auto* file = map(decoder_file_block, terms.file_block_bytes, PROT_READ);
  auto* pixels = map(decoder_pixel_block, terms.pixel_block_bytes, PROT_READ | PROT_WRITE);
  if (file == nullptr || pixels == nullptr)
    return fail(failure_kind::decoder_unavailable, "mapping the shared memory: " + errno_text(errno));
  return mapped_blocks{{file, static_cast<std::size_t>(terms.file_block_bytes)},
                       {pixels, static_cast<std::size_t>(terms.pixel_block_bytes)}};
}

/// The worker's own limit comes first. This one is for a decoder that hangs when the worker is already gone.
void limit_time(std::uint32_t limit_ms) {
  itimerval timer{};
  timer.it_value.tv_sec = limit_ms == 0 ? 0 : static_cast<time_t>(limit_ms / 1000 + 5);
  ::setitimer(ITIMER_REAL, &timer, nullptr);
}

decode_answer decode(const decoding& with, const mapped_blocks& blocks, const decode_request& request) {
  const std::uint64_t needed = std::uint64_t{request.crop} * request.crop * 3;
  if (request.file_bytes > blocks.file.size() || needed > blocks.pixels.size())
    return answer_of(request.number, {failure_kind::internal, "a request beyond the shared memory", ""});
  try {
    return with.decode(blocks.file.first(static_cast<std::size_t>(request.file_bytes)), request,
                       blocks.pixels.first(static_cast<std::size_t>(needed)));
  } catch (const std::bad_alloc&) {
    return answer_of(request.number, {failure_kind::decoder_out_of_memory, "no memory", ""});
  } catch (const std::exception& error) {
    return answer_of(request.number, {failure_kind::internal, error.what(), ""});
  }
}

int serve(const decoding& with, const decoder_terms& terms, const mapped_blocks& blocks) {
  for (decode_request request; receive(bytes_of(request));) {
    limit_time(terms.time_limit_ms);
    const auto answer = decode(with, blocks, request);
    limit_time(0);
    if (!send_message(answer))
      break;
  }
  return 0;
}

decoder_ready get_ready(const decoding& with, const decoder_terms& terms, result<mapped_blocks>& blocks) {
  decoder_ready ready;
  ready.version = exchange_version;
  if (terms.version != exchange_version)
    return ready;
  blocks = map_blocks(terms);
  auto well = blocks ? with.prove() : result<void>(tl::unexpected(blocks.error()));
  if (well) {
    const auto confined = confine(terms.memory_limit_bytes);
    ready.confined = confined.value_or(0);
    well = confined ? with.prove() : result<void>(tl::unexpected(confined.error()));
  }
  ready.is_ready = well ? 1 : 0;
  if (!well)
    put_text(ready.reason, well.error().cause);
  return ready;
}

bool is_our_child() {
  int type = 0;
  socklen_t size = sizeof type;
  return ::getsockopt(decoder_socket, SOL_SOCKET, SO_TYPE, &type, &size) == 0 && type == SOCK_STREAM;
}

} // namespace

int run_decoder(const decoding& with) {
  if (!is_our_child()) {
    std::fputs(
        "trainyard-decode is started by `trainyard run` and `trainyard worker`: it decodes images in a "
        "sandbox of its own.\n",
        stderr);
    return 2;
  }
  end_with_parent();
  keep_only_descriptors_below(decoder_pixel_block + 1);
  decoder_terms terms;
  if (!receive(bytes_of(terms)))
    return 0;
  result<mapped_blocks> blocks;
  const auto ready = get_ready(with, terms, blocks);
  if (!send_message(ready) || ready.is_ready == 0)
    return 1;
  return serve(with, terms, *blocks);
}

} // namespace trainyard
