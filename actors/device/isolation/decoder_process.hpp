// One child process that decodes, one image at a time.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>

#include <sys/types.h>

#include "actors/device/isolation/decode_exchange.hpp"
#include "actors/device/isolation/decoder_settings.hpp"
#include "actors/device/isolation/local_socket.hpp"
#include "actors/device/isolation/shared_block.hpp"
#include "messages/failure.hpp"

namespace trainyard {

/// Why there is no answer. Whatever it is, the process is of no further use.
struct lost_decoder {
  enum class how { ended, late, nonsense, stopped } what = how::ended;
  int status = 0;     ///< of waitpid, when it ended
  bool by_us = false; ///< it had hung up and went on, and was killed for that
};

/// Used by one thread at a time; destruction kills it and waits for its end. On Linux it also dies with the
/// thread that started it, everywhere with this process.
class decoder_process {
public:
  /// Blocks until it is confined and has decoded images of its own: some 100 ms, 60 s at most. Both blocks
  /// stay as they are while it lives. decoder_unavailable; interrupted once `stopping` is set.
  [[nodiscard]] static result<std::unique_ptr<decoder_process>> start(const decoder_settings& settings,
                                                                      const shared_block& file,
                                                                      const shared_block& pixels,
                                                                      const std::atomic<bool>& stopping);
  ~decoder_process();
  decoder_process(const decoder_process&) = delete;
  decoder_process& operator=(const decoder_process&) = delete;

  /// Blocks for the time limit at most. The answer is sound; its pixels stand in the block.
  [[nodiscard]] tl::expected<decode_answer, lost_decoder> ask(decode_request request,
                                                              const std::atomic<bool>& stopping);
  /// It ended, or speaks unasked, while nothing was to be decoded.
  [[nodiscard]] bool is_useless() const { return socket_.has_news(); }
  [[nodiscard]] std::uint64_t images() const { return images_; } ///< that it was asked for
  [[nodiscard]] std::uint32_t confined() const { return confined_; }
  [[nodiscard]] pid_t pid() const { return pid_; }

private:
  decoder_process(pid_t pid, owned_fd socket, std::chrono::milliseconds time_limit);
  [[nodiscard]] result<void> agree(const decoder_terms& terms, const std::atomic<bool>& stopping);
  struct end_of {
    int status = 0; ///< as waitpid gives it
    bool by_us = false;
  };
  /// Kills it where it still runs, and reaps it.
  end_of end(bool kill_it);

  pid_t pid_;
  local_socket socket_;
  std::chrono::milliseconds time_limit_;
  std::uint64_t images_ = 0;
  std::uint32_t confined_ = 0;
};

} // namespace trainyard
