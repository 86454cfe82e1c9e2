// A stack of readers: the one that was used last is the warmest.
#include "actors/device/isolation/decoder_pool.hpp"

#include <csignal>

#include "actors/log.hpp"

namespace trainyard {
namespace {

bool has(std::uint32_t confined, confinement what) {
  return (confined & static_cast<std::uint32_t>(what)) != 0;
}

void tell_of(std::uint32_t confined) {
  if (!has(confined, confinement::system_call_filter))
    log(log_level::info, "decode",
        "decoders run in processes of their own, without a system call filter: this system has none");
  if (!has(confined, confinement::memory_limit))
    log(log_level::info, "decode", "decoders have no memory limit: this system sets none");
}

/// A parent may have had children reaped unseen; then nobody could tell how a decoder ended.
void see_ends_of_children() {
  struct sigaction now {};
  if (::sigaction(SIGCHLD, nullptr, &now) == 0 && now.sa_handler == SIG_IGN)
    ::signal(SIGCHLD, SIG_DFL);
}

} // namespace

result<std::shared_ptr<decoder_pool>> decoder_pool::start(const decoder_settings& settings,
                                                          std::size_t readers, const image_spec& spec,
                                                          decoder_trouble trouble) {
  see_ends_of_children();
  std::shared_ptr<decoder_pool> pool(new decoder_pool);
  for (std::size_t i = 0; i < std::max<std::size_t>(readers, 1); ++i) {
    auto reader = isolated_reader::make(settings, spec, pool->stopping_, trouble);
    if (!reader)
      return tl::unexpected(reader.error());
    pool->idle_.push_back(std::move(*reader));
  }
  if (auto first = pool->idle_.back()->start(); !first)
    return tl::unexpected(first.error());
  tell_of(pool->idle_.back()->confined());
  return pool;
}

result<prepared_image> decoder_pool::read(const root_directory& root, const std::string& path,
                                          stage_seconds& seconds) {
  auto reader = take();
  auto image = reader->read(root, path, seconds);
  put_back(std::move(reader));
  return image;
}

result<prepared_image> decoder_pool::prepare(const std::string& path, const image_file& file,
                                             double& decode_seconds) {
  auto reader = take();
  auto image = reader->prepare(path, file, decode_seconds);
  put_back(std::move(reader));
  return image;
}

std::unique_ptr<isolated_reader> decoder_pool::take() {
  std::unique_lock lock(mutex_);
  back_.wait(lock, [this] { return !idle_.empty(); });
  auto reader = std::move(idle_.back());
  idle_.pop_back();
  return reader;
}

void decoder_pool::put_back(std::unique_ptr<isolated_reader> reader) {
  {
    const std::lock_guard lock(mutex_);
    idle_.push_back(std::move(reader));
  }
  back_.notify_one();
}

} // namespace trainyard
