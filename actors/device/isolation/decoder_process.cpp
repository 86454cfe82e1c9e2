// Start and hand-shake, question and answer, end.
#include "actors/device/isolation/decoder_process.hpp"

#include <cerrno>
#include <csignal>
#include <random>

#include <sys/wait.h>

#include "actors/device/isolation/process_end.hpp"
#include "actors/device/isolation/start_process.hpp"

namespace trainyard {
namespace {

using clock = std::chrono::steady_clock;
constexpr std::chrono::seconds patience_at_start(60); // a cold disk and many libraries

/// A decoder that was taken over must not have the next answer ready before the question.
std::uint64_t unforeseeable_number() {
  thread_local std::random_device random;
  return std::uint64_t{random()} << 32U | random();
}

tl::unexpected<failure> no_start(const std::string& why) {
  return fail(failure_kind::decoder_unavailable, "the decoder " + why,
              "run it by hand to see what it lacks; --no-decode-isolation works without it");
}

} // namespace

decoder_process::decoder_process(pid_t pid, owned_fd socket, std::chrono::milliseconds time_limit)
    : pid_(pid), socket_(std::move(socket)), time_limit_(time_limit) {}

result<std::unique_ptr<decoder_process>> decoder_process::start(const decoder_settings& settings,
                                                                const shared_block& file,
                                                                const shared_block& pixels,
                                                                const std::atomic<bool>& stopping) {
  auto ends = local_socket::make_pair();
  if (!ends)
    return tl::unexpected(ends.error());
  const auto pid = start_process(settings.program, {ends->second.get(), file.readable(), pixels.writable()});
  if (!pid)
    return tl::unexpected(pid.error());
  ends->second.close();
  std::unique_ptr<decoder_process> process(
      new decoder_process(*pid, std::move(ends->first), settings.time_limit));
  const decoder_terms terms{exchange_version, static_cast<std::uint32_t>(settings.time_limit.count()),
                            settings.memory_limit_bytes, file.memory().size(), pixels.memory().size()};
  if (auto agreed = process->agree(terms, stopping); !agreed)
    return tl::unexpected(agreed.error());
  return process;
}

result<void> decoder_process::agree(const decoder_terms& terms, const std::atomic<bool>& stopping) {
  const bool sent = socket_.send(std::as_bytes(std::span(&terms, 1)));
  decoder_ready ready;
  const auto got =
      sent ? socket_.receive(bytes_of(ready), clock::now() + patience_at_start, stopping) : receipt::closed;
  if (got == receipt::stopped)
    return fail(failure_kind::interrupted, "stopped while a decoder started");
  if (got == receipt::late)
    return no_start("did not get ready within " + std::to_string(patience_at_start.count()) + " s");
  if (got == receipt::closed)
    return no_start("ended by " + text_of_end(end(false).status) + " before its first image");
  if (ready.version != exchange_version)
    return no_start("is of another version of trainyard");
  if (ready.is_ready != 1)
    return no_start("does not work here: " + text_in(ready.reason));
  confined_ = ready.confined;
  return {};
}

tl::expected<decode_answer, lost_decoder> decoder_process::ask(decode_request request,
                                                               const std::atomic<bool>& stopping) {
  using how = lost_decoder::how;
  ++images_;
  request.number = unforeseeable_number();
  decode_answer answer;
  const auto got = socket_.send(std::as_bytes(std::span(&request, 1)))
                       ? socket_.receive(bytes_of(answer), clock::now() + time_limit_, stopping)
                       : receipt::closed;
  switch (got) {
  case receipt::closed: {
    const auto ended = end(false);
    return tl::unexpected(lost_decoder{how::ended, ended.status, ended.by_us});
  }
  case receipt::late:
    return tl::unexpected(lost_decoder{how::late});
  case receipt::stopped:
    return tl::unexpected(lost_decoder{how::stopped});
  case receipt::whole:
    break;
  }
  if (!is_sound(answer, request))
    return tl::unexpected(lost_decoder{how::nonsense});
  return answer;
}

decoder_process::end_of decoder_process::end(bool kill_it) {
  if (pid_ < 0)
    return {};
  // Who has closed its socket has ended or is about to; what has not ended in a second never will by itself.
  int status = 0;
  for (int waited = 0; !kill_it && waited < 100; ++waited) {
    if (::waitpid(pid_, &status, WNOHANG) != 0) {
      pid_ = -1;
      return {status, false};
    }
    ::usleep(10'000);
  }
  ::kill(pid_, SIGKILL);
  while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
  }
  pid_ = -1;
  return {status, true};
}

decoder_process::~decoder_process() {
  end(true);
}

} // namespace trainyard
