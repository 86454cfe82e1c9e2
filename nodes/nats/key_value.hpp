// A key-value bucket as `nats kv` knows it, by raw API requests: compare and set, and what changed since.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "messages/failure.hpp"
#include "nodes/nats/inbox.hpp"
#include "nodes/nats/stored_messages.hpp"

namespace trainyard {

struct bucket_options {
  std::string name;
  std::chrono::milliseconds max_age{0}; ///< of a value since it was last set; zero: no end
  int replicas = 1;
  std::chrono::milliseconds timeout{2'000}; ///< of one round trip
};

struct bucket_entry {
  std::string key;
  std::uint64_t revision = 0;
  std::vector<std::byte> value;
};

/// How far a reader of changes has come; a fresh one has seen nothing.
struct bucket_cursor {
  std::string created; ///< when the stream was made: another time is another stream
  std::uint64_t sequence = 0;
  std::uint64_t incarnation = 0; ///< of the connection
};

/// Thread safe. Every call blocks for a few round trips and makes the bucket again where the server lost it.
/// Keys are tokens; message_invalid otherwise. A write that ends in a failure may have been stored.
class key_value {
public:
  /// Makes the bucket or checks the one that is there.
  [[nodiscard]] static result<key_value> open(std::shared_ptr<inbox> box, bucket_options options);

  /// The revision; nothing when the key has a value.
  [[nodiscard]] result<std::optional<std::uint64_t>> create(const std::string& key,
                                                            const std::vector<std::byte>& value);
  /// The new revision; nothing when the key's revision is another one, or it has no value.
  [[nodiscard]] result<std::optional<std::uint64_t>>
  update(const std::string& key, const std::vector<std::byte>& value, std::uint64_t revision);
  [[nodiscard]] result<std::optional<bucket_entry>> get(const std::string& key);
  /// Deletes this very revision; a newer one stays.
  [[nodiscard]] result<void> remove(std::uint64_t revision);

  /// The last value of each key that was set after `since`, which moves on when that succeeds. All of them
  /// when the store was lost or rolled back, and after a new connection, as nothing else shows that it was
  /// rolled back and then written past `since`. Deletions are not told.
  [[nodiscard]] result<std::vector<bucket_entry>> changes(bucket_cursor& since);

private:
  key_value(std::shared_ptr<inbox> box, bucket_options options);
  [[nodiscard]] result<void> ensure();
  /// `ask(code)`; once more if that shows that the bucket is gone and it could be made again.
  template <class Ask>
  [[nodiscard]] auto with_bucket(Ask ask) -> decltype(ask(std::declval<int&>()));
  [[nodiscard]] result<std::optional<std::uint64_t>>
  put(const std::string& key, const std::vector<std::byte>& value, std::uint64_t expected);
  [[nodiscard]] result<std::optional<stored_message>> last(const std::string& key);
  [[nodiscard]] result<std::vector<bucket_entry>> walk(bucket_cursor& since, int& code);
  [[nodiscard]] result<void> check_key(const std::string& key) const;

  std::shared_ptr<inbox> box_;
  bucket_options options_;
  std::string stream_;
  std::string prefix_; ///< of the subjects
  stored_messages messages_;
};

} // namespace trainyard
