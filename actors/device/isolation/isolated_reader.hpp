// From a path to prepared pixels as read_image does it, but for the decoding, which another process does.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>

#include "actors/device/image/image_decode.hpp"
#include "actors/device/image/image_file.hpp"
#include "actors/device/image/root_directory.hpp"
#include "actors/device/isolation/decoder_process.hpp"
#include "actors/device/prepared_image.hpp"
#include "messages/wire.hpp"

namespace trainyard {

/// Told once when no decoder could be started for decoder_settings::trouble_after and in three tries.
using decoder_trouble = std::function<void(const failure&)>;

/// Used by one thread at a time. Owns one decoder, which it starts anew when it has ended.
class isolated_reader {
public:
  /// `stopping` outlives it; once it is set, reads end soon, as interrupted.
  [[nodiscard]] static result<std::unique_ptr<isolated_reader>> make(const decoder_settings& settings,
                                                                     const image_spec& spec,
                                                                     const std::atomic<bool>& stopping,
                                                                     decoder_trouble trouble);

  /// As read_image, and beside its failures: decoder_crashed, decoder_too_slow, decoder_out_of_memory. What
  /// ends a decoder that has decoded before is tried once more in a fresh one, so that no image pays for what
  /// another one did to its decoder; what takes too long is tried twice, as the machine may have been slow.
  /// image_out_of_memory where the system has killed each of some decoders. Blocks as long as no decoder can
  /// be started. No exception escapes.
  [[nodiscard]] result<prepared_image> read(const root_directory& root, const std::string& path,
                                            stage_seconds& seconds, const decode_options& options = {});
  /// Of bytes that are here already.
  [[nodiscard]] result<prepared_image> prepare(const std::string& path, const image_file& file,
                                               double& decode_seconds, const decode_options& options = {});
  /// Starts the decoder now, for whoever wants to know that it does.
  [[nodiscard]] result<void> start();
  [[nodiscard]] std::uint32_t confined() const { return process_ ? process_->confined() : 0; }
  [[nodiscard]] pid_t decoder_pid() const { return process_ ? process_->pid() : -1; } ///< -1: none runs

private:
  isolated_reader(const decoder_settings& settings, const image_spec& spec, const std::atomic<bool>& stopping,
                  decoder_trouble trouble, shared_block file, shared_block pixels);
  /// Into `file_`.
  [[nodiscard]] result<file_facts> read_file(const root_directory& root, const std::string& path,
                                             double& read_seconds);
  /// Of the bytes in `file_`.
  [[nodiscard]] result<prepared_image> prepare(const std::string& path, const file_facts& facts,
                                               const decode_options& options);
  [[nodiscard]] result<decode_answer> decode(std::uint64_t file_bytes, const decode_options& options);
  [[nodiscard]] result<void> start_patiently();
  [[nodiscard]] failure blame(const lost_decoder& lost) const;

  decoder_settings settings_;
  image_spec spec_;
  const std::atomic<bool>& stopping_;
  decoder_trouble trouble_;
  shared_block file_;
  shared_block pixels_;
  std::unique_ptr<decoder_process> process_;
};

} // namespace trainyard
