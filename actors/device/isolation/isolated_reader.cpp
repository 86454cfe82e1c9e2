// Who pays for a lost decoder: the image, when its decoder was fresh; nobody, when another image came before
// it.
#include "actors/device/isolation/isolated_reader.hpp"

#include <algorithm>
#include <thread>

#include "actors/device/image/caught.hpp"
#include "actors/device/isolation/process_end.hpp"
#include "actors/stopwatch.hpp"

namespace trainyard {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t kept_file_bytes = std::size_t{16} << 20U; ///< of a reader's block, between two images
constexpr int strikes_of_the_slow = 2;
constexpr int failed_starts_of_trouble = 3;

std::string mebibytes(std::uint64_t bytes) {
  return std::to_string(bytes >> 20U) + " MiB";
}

std::string seconds_text(std::chrono::milliseconds time) {
  return time.count() % 1000 == 0 ? std::to_string(time.count() / 1000) + " s"
                                  : std::to_string(time.count()) + " ms";
}

tl::unexpected<failure> interrupted() {
  return fail(failure_kind::interrupted, "stopped before the image was decoded");
}

tl::unexpected<failure> killed(std::size_t times) {
  return fail(failure_kind::image_out_of_memory,
              "the system has killed " + std::to_string(times) +
                  " decoders at this image, as it does when memory is short",
              "give the worker more memory or fewer decoding threads");
}

void wait(std::chrono::milliseconds pause, const std::atomic<bool>& stopping) {
  for (; pause > 0ms && !stopping; pause -= 50ms)
    std::this_thread::sleep_for(std::min(pause, 50ms));
}

} // namespace

result<std::unique_ptr<isolated_reader>> isolated_reader::make(const decoder_settings& settings,
                                                               const image_spec& spec,
                                                               const std::atomic<bool>& stopping,
                                                               decoder_trouble trouble) {
  auto file = shared_block::make(max_file_bytes + 1);
  if (!file)
    return tl::unexpected(file.error());
  auto pixels = shared_block::make(std::size_t{spec.crop} * spec.crop * 3);
  if (!pixels)
    return tl::unexpected(pixels.error());
  return std::unique_ptr<isolated_reader>(new isolated_reader(settings, spec, stopping, std::move(trouble),
                                                              std::move(*file), std::move(*pixels)));
}

isolated_reader::isolated_reader(const decoder_settings& settings, const image_spec& spec,
                                 const std::atomic<bool>& stopping, decoder_trouble trouble,
                                 shared_block file, shared_block pixels)
    : settings_(settings), spec_(spec), stopping_(stopping), trouble_(std::move(trouble)),
      file_(std::move(file)), pixels_(std::move(pixels)) {}

result<prepared_image> isolated_reader::read(const root_directory& root, const std::string& path,
                                             stage_seconds& seconds, const decode_options& options) {
  return caught([&]() -> result<prepared_image> {
    const auto facts = read_file(root, path, seconds.read);
    if (!facts)
      return tl::unexpected(facts.error());
    const stopwatch timed(seconds.decode);
    return prepare(path, *facts, options);
  });
}

result<prepared_image> isolated_reader::prepare(const std::string& path, const image_file& file,
                                                double& decode_seconds, const decode_options& options) {
  return caught([&]() -> result<prepared_image> {
    const stopwatch timed(decode_seconds);
    std::ranges::copy(file.bytes, file_.memory().begin());
    return prepare(path, file.facts, options);
  });
}

result<file_facts> isolated_reader::read_file(const root_directory& root, const std::string& path,
                                              double& read_seconds) {
  const stopwatch timed(read_seconds);
  const auto file = root.open_file(path);
  if (!file)
    return tl::unexpected(file.error());
  return read_whole_file(*file, [this](std::size_t bytes) { return file_.memory().first(bytes); });
}

result<prepared_image> isolated_reader::prepare(const std::string& path, const file_facts& facts,
                                                const decode_options& options) {
  const auto answer = decode(facts.bytes, options);
  if (facts.bytes > kept_file_bytes)
    file_.trim(kept_file_bytes);
  if (!answer)
    return tl::unexpected(answer.error());
  const auto pixels = pixels_.memory();
  return prepared_image{
      path,          {pixels.begin(), pixels.end()}, answer->width, answer->height, facts.bytes, facts.sha256,
      facts.mtime_ns};
}

result<void> isolated_reader::start() {
  auto started = decoder_process::start(settings_, file_, pixels_, stopping_);
  if (!started)
    return tl::unexpected(started.error());
  process_ = std::move(*started);
  return {};
}

result<void> isolated_reader::start_patiently() {
  const auto begin = std::chrono::steady_clock::now();
  int failed = 0;
  for (auto pause = 50ms; !stopping_; pause = std::min<std::chrono::milliseconds>(pause * 2, 5s)) {
    const auto started = start();
    if (started)
      return {};
    const bool is_trouble = ++failed >= failed_starts_of_trouble &&
                            std::chrono::steady_clock::now() - begin > settings_.trouble_after;
    if (trouble_ && is_trouble)
      std::exchange(trouble_, nullptr)(started.error());
    wait(pause, stopping_);
  }
  return interrupted();
}

result<decode_answer> isolated_reader::decode(std::uint64_t file_bytes, const decode_options& options) {
  const decode_request request{0,
                               file_bytes,
                               spec_.resize,
                               spec_.crop,
                               options.scaled_short_side,
                               static_cast<std::uint8_t>(spec_.fit),
                               static_cast<std::uint8_t>(spec_.filter),
                               static_cast<std::uint8_t>(spec_.offset),
                               0};
  std::size_t kills = 0;
  for (int late = 0;;) {
    if (process_ && process_->is_useless())
      process_.reset();
    if (!process_)
      if (auto started = start_patiently(); !started)
        return tl::unexpected(started.error());
    const bool is_fresh = process_->images() == 0;
    const auto answer = process_->ask(request, stopping_);
    if (answer && answer->kind == 0)
      return *answer;
    const bool is_short = answer && failure_in(*answer).kind == failure_kind::decoder_out_of_memory;
    if (answer && !is_short)
      return tl::unexpected(failure_in(*answer));
    process_.reset(); // what ran short of memory may be full of holes
    if (!answer && answer.error().what == lost_decoder::how::stopped)
      return interrupted();
    if (!answer && !answer.error().by_us && was_killed(answer.error().status)) {
      const auto& pauses = settings_.pauses_after_kills;
      if (kills == pauses.size())
        return killed(kills + 1);
      wait(pauses[kills++], stopping_);
      continue;
    }
    if (!answer && answer.error().what == lost_decoder::how::late && ++late < strikes_of_the_slow)
      continue;
    if (is_fresh)
      return tl::unexpected(
          is_short ? failure{failure_kind::decoder_out_of_memory,
                             "the decoder needed more than " + mebibytes(settings_.memory_limit_bytes),
                             "make the image smaller, or raise --decode-memory-limit"}
                   : blame(answer.error()));
  }
}

failure isolated_reader::blame(const lost_decoder& lost) const {
  const std::string remedy = "treat the file with suspicion, or re-save it";
  switch (lost.what) {
  case lost_decoder::how::late:
    return {failure_kind::decoder_too_slow,
            "the decoder took longer than " + seconds_text(settings_.time_limit),
            "re-save the image, or raise --decode-time-limit"};
  case lost_decoder::how::nonsense:
    return {failure_kind::decoder_crashed, "the decoder gave an answer that is none on this image", remedy};
  case lost_decoder::how::ended:
  case lost_decoder::how::stopped:
    break;
  }
  return {failure_kind::decoder_crashed,
          "the decoder ended by " + text_of_end(lost.status) + " on this image", remedy};
}

} // namespace trainyard
