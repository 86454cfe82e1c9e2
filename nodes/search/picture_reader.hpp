// One image file to pixels of a wanted size, decoded where devices' images are: in a process of its own.
#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <string>

#include "actors/device/image/image_reader.hpp"
#include "actors/device/isolation/isolated_reader.hpp"
#include "config/settings.hpp"

namespace trainyard {

/// Used by one thread at a time.
class picture_reader {
public:
  /// decoder_unavailable where decoders are wanted (device.decode_isolation) and there is none.
  [[nodiscard]] static result<std::unique_ptr<picture_reader>> make(const image_spec& spec,
                                                                    const settings& from);

  /// As read_image(); blocks on disk and decoder.
  [[nodiscard]] result<prepared_image> read(const root_directory& root, const std::string& path,
                                            const decode_options& options = {});
  /// Of a path of this machine, links followed: the user named it. input_missing where there is none.
  [[nodiscard]] result<prepared_image> read_file(const std::string& path, const decode_options& options = {});

private:
  explicit picture_reader(const image_spec& spec) : spec_(spec) {}
  image_spec spec_;
  std::atomic<bool> stopping_ = false;
  std::unique_ptr<isolated_reader> isolated_; ///< null: decode in this process
};

} // namespace trainyard
