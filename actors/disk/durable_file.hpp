// Files whose content survives a power cut: every call that changes the disk, in one place.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>

#include "messages/failure.hpp"

namespace trainyard {

/// disk_full for a full disk, quota or file size limit, system_limit where there are no descriptors or no
/// memory, output_unwritable for all else; errno's text within.
[[nodiscard]] tl::unexpected<failure> disk_failure(std::string_view doing, const std::filesystem::path& file,
                                                   int error);

/// An open file. Calls block; none is retried after an error, as an fsync that failed once proves nothing
/// when it succeeds later.
class durable_file {
public:
  durable_file() = default;
  durable_file(durable_file&& other) noexcept;
  durable_file& operator=(durable_file&& other) noexcept;
  ~durable_file(); ///< closes; never syncs

  /// A new empty file; one that stands there (or a link) is removed first.
  [[nodiscard]] static result<durable_file> create_fresh(const std::filesystem::path& file);
  /// Opens or creates; nothing is cut off.
  [[nodiscard]] static result<durable_file> open_existing_or_new(const std::filesystem::path& file);

  [[nodiscard]] bool is_open() const noexcept { return descriptor_ >= 0; }
  [[nodiscard]] int descriptor() const noexcept { return descriptor_; }
  [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }

  [[nodiscard]] result<std::uint64_t> size() const;
  [[nodiscard]] result<void> write_all_at(std::uint64_t offset, std::span<const std::byte> bytes);
  [[nodiscard]] result<void> write_all_at(std::uint64_t offset, std::string_view text);
  /// Fills `into`; output_corrupt when the file ends before.
  [[nodiscard]] result<void> read_all_at(std::uint64_t offset, std::span<std::byte> into) const;
  [[nodiscard]] result<void> truncate(std::uint64_t size);
  /// Content and size are on the medium when it returns (F_FULLFSYNC on macOS).
  [[nodiscard]] result<void> sync();

private:
  durable_file(int descriptor, std::filesystem::path file) noexcept;
  int descriptor_ = -1;
  std::filesystem::path path_;
};

/// Names in `directory` (created, renamed, removed) are on the medium when it returns.
[[nodiscard]] result<void> sync_directory(const std::filesystem::path& directory);
/// mkdir -p; every directory that it makes is durable.
[[nodiscard]] result<void> make_directories(const std::filesystem::path& directory);
/// rename(2); the caller syncs the directory.
[[nodiscard]] result<void> rename_file(const std::filesystem::path& from, const std::filesystem::path& to);
/// False when there was none.
[[nodiscard]] result<bool> remove_file(const std::filesystem::path& file);
/// `file` holds `content`, durably, or what it held before: temporary file, sync, rename, sync of the
/// directory.
[[nodiscard]] result<void> replace_file(const std::filesystem::path& file, std::string_view content);
[[nodiscard]] result<std::string> read_file(const std::filesystem::path& file);
/// Where the content of `file` stands until it is complete.
[[nodiscard]] std::filesystem::path temporary_of(const std::filesystem::path& file);

enum class disk_step { make_directory, create, write, truncate, sync, sync_directory, rename, remove };
/// Tests see every step just before it is taken, and so can stop or copy there. Null: nobody looks.
using disk_observer = void (*)(disk_step step, const std::filesystem::path& file);
void observe_disk(disk_observer observer) noexcept;

} // namespace trainyard
