// The decoders of a worker: as many as threads that read.
#pragma once

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "actors/device/isolation/isolated_reader.hpp"

namespace trainyard {

class decoder_pool {
public:
  /// Starts the first decoder, so that a worker whose decoders do not start takes no work; the others start
  /// with their first image. Logs what confinement this system lacks. `trouble` is called on a reading
  /// thread.
  [[nodiscard]] static result<std::shared_ptr<decoder_pool>> start(const decoder_settings& settings,
                                                                   std::size_t readers,
                                                                   const image_spec& spec,
                                                                   decoder_trouble trouble);
  ~decoder_pool() = default;
  decoder_pool(const decoder_pool&) = delete;
  decoder_pool& operator=(const decoder_pool&) = delete;

  /// As isolated_reader::read; from many threads at once, which wait for one another beyond `readers`.
  [[nodiscard]] result<prepared_image> read(const root_directory& root, const std::string& path,
                                            stage_seconds& seconds);
  /// As isolated_reader::prepare, likewise.
  [[nodiscard]] result<prepared_image> prepare(const std::string& path, const image_file& file,
                                               double& decode_seconds);
  /// Reads that go on end within a moment, as interrupted. Any thread.
  void stop() { stopping_ = true; }

private:
  decoder_pool() = default;
  [[nodiscard]] std::unique_ptr<isolated_reader> take();
  void put_back(std::unique_ptr<isolated_reader> reader);

  std::atomic<bool> stopping_ = false;
  std::mutex mutex_;
  std::condition_variable back_;
  std::vector<std::unique_ptr<isolated_reader>> idle_;
};

} // namespace trainyard
