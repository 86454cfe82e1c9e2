// A decoder as hostile as its input orders: the product's child main with planted decoding. Never installed.
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/syscall.h>
#endif

#include "actors/device/isolation/child/decoder_child.hpp"

namespace trainyard {
namespace {

volatile unsigned sink = 0;
std::uint32_t decoded = 0;
bool is_poisoned = false;

decode_answer refuse(const decode_request& request, const std::string& why) {
  return answer_of(request.number, {failure_kind::image_corrupt, why, ""});
}

/// What came of a call that a decoder has no business to make, where it lives to tell.
decode_answer tell(const decode_request& request, long outcome) {
  return refuse(request, outcome >= 0 ? "allowed" : std::string("refused: ") + std::strerror(errno));
}

/// For real, also in a build that would rather report it.
[[gnu::no_sanitize("address", "undefined")]] void crash() {
  volatile int* volatile nowhere = nullptr;
  *nowhere = 1;
}

/// As the system does it when memory is short.
void be_killed() {
#ifdef __linux__
  ::syscall(SYS_tgkill, ::getpid(), ::gettid(), SIGKILL);
#else
  ::kill(::getpid(), SIGKILL);
#endif
}

[[noreturn]] void spin() {
  for (;;)
    sink = sink + 1;
}

decode_answer eat(const decode_request& request) {
  std::vector<std::vector<char>> meals;
  for (int i = 0; i < 4096; ++i)
    meals.emplace_back(std::size_t{16} << 20U, 'x');
  return refuse(request, "ate 64 GiB");
}

void say(const void* bytes, std::size_t count) {
  [[maybe_unused]] const auto said = ::write(decoder_socket, bytes, count);
}

decode_answer decode(std::span<const std::uint8_t> file, const decode_request& request,
                     std::span<std::uint8_t> pixels) {
  const std::string_view order(reinterpret_cast<const char*>(file.data()), file.size());
  ++decoded;
  if (is_poisoned || order == "crash")
    crash();
  auto& lives = pixels.front(); // what earlier decoders have left there
  if (order == "killed" || (order == "killed_twice" && lives++ < 2))
    be_killed();
  if (order == "slow_once" && lives++ < 1)
    spin();
  auto answer = answer_of(request.number, decoded, 10);
  std::memset(pixels.data(), 7, pixels.size());
  if (order == "poison")
    is_poisoned = true;
  if (order == "abort")
    std::abort();
  if (order == "exit")
    ::_exit(3);
  if (order == "spin")
    spin();
  if (order == "nap")
    ::usleep(300'000);
  if (order == "eat")
    return eat(request);
  if (order == "open")
    return tell(request, ::open("/etc/passwd", O_RDONLY));
  if (order == "create")
    return tell(request, ::open("/tmp/trainyard-planted", O_WRONLY | O_CREAT, 0600));
  if (order == "socket")
    return tell(request, ::socket(AF_INET, SOCK_STREAM, 0));
  if (order == "fork")
    return tell(request, ::fork());
  if (order == "exec")
    return tell(request, ::execl("/bin/true", "true", nullptr));
  if (order == "kill_parent")
    return tell(request, ::kill(::getppid(), SIGTERM));
  if (order == "new_code") {
    auto* const at = ::mmap(nullptr, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return tell(request, at == MAP_FAILED ? -1 : 0);
  }
  if (order == "write_file_block")
    *const_cast<std::uint8_t*>(file.data()) = 'X';
  if (order == "other_number")
    ++answer.number;
  if (order == "wide")
    answer.width = 0x7fff'ffff;
  if (order == "other_kind")
    answer.kind = static_cast<std::uint32_t>(failure_kind::disk_full);
  if (order == "escape")
    return refuse(request, "\x1b[31mred\nline \xff");
  if (order == "endless_text") {
    answer = refuse(request, "");
    answer.cause.fill('y');
  }
  if (order == "half") {
    say(&answer, sizeof answer / 2);
    spin();
  }
  if (order == "forge") {
    auto next = answer;
    ++next.number;
    say(&answer, sizeof answer);
    return next;
  }
  if (order == "hang_up") {
    ::shutdown(decoder_socket, SHUT_RDWR);
    spin();
  }
  return answer;
}

result<void> prove() {
  return {};
}

} // namespace
} // namespace trainyard

#if defined(__SANITIZE_ADDRESS__)
// Its parent shall see the signals that its crashes end in.
extern "C" const char* __asan_default_options() {
  return "handle_segv=0:handle_sigbus=0:handle_sigill=0:handle_abort=0:handle_sigfpe=0";
}
#endif

int main() {
  return trainyard::run_decoder({trainyard::prove, trainyard::decode});
}
