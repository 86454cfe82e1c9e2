// Memory that this process writes and another one sees, without a name in any file system.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "actors/disk/owned_fd.hpp"
#include "messages/failure.hpp"

namespace trainyard {

/// Pages cost memory from when they are first touched. Nobody who holds a descriptor of it can make it
/// smaller under us (where the system can seal it, and on macOS, where a size is set once).
class shared_block {
public:
  [[nodiscard]] static result<shared_block> make(std::size_t bytes);
  shared_block(shared_block&& other) noexcept;
  shared_block& operator=(shared_block&&) = delete;
  ~shared_block();

  [[nodiscard]] std::span<std::uint8_t> memory() const noexcept { return {at_, bytes_}; }
  [[nodiscard]] int writable() const noexcept { return writable_.get(); }
  /// A descriptor that maps for reading only; the writable one on a Linux without /proc.
  [[nodiscard]] int readable() const noexcept { return readable_ ? readable_.get() : writable_.get(); }
  /// Gives back all pages beyond the first `kept_bytes`, where the system can (Linux); their content is lost.
  void trim(std::size_t kept_bytes) noexcept;

private:
  shared_block() = default;
  owned_fd writable_;
  owned_fd readable_;
  std::uint8_t* at_ = nullptr;
  std::size_t bytes_ = 0;
};

} // namespace trainyard
