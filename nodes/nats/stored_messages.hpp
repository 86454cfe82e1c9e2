// Single messages of one stream, read and deleted by the raw API: unlike a purge, that leaves the consumers
// of everybody else whole.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "messages/failure.hpp"
#include "nodes/nats/inbox.hpp"

namespace trainyard {

struct stored_message {
  std::uint64_t sequence = 0;
  std::string subject;
  std::string headers; ///< as on the wire; empty: none
  std::vector<std::byte> payload;
};

/// Every call blocks for a round trip. `code` gets JetStream's err_code of a failure.
class stored_messages {
public:
  stored_messages(std::shared_ptr<inbox> box, std::string stream,
                  std::chrono::milliseconds timeout = request().timeout)
      : box_(std::move(box)), stream_(std::move(stream)), timeout_(timeout) {}

  /// Nothing where there is none.
  [[nodiscard]] result<std::optional<stored_message>> last_of(const std::string& subject,
                                                              int* code = nullptr) const;
  /// The first of `subject`, which may hold wildcards, from that sequence on.
  [[nodiscard]] result<std::optional<stored_message>> next_of(const std::string& subject, std::uint64_t from,
                                                              int* code = nullptr) const;
  /// Also fine where it is gone already.
  [[nodiscard]] result<void> remove(std::uint64_t sequence, int* code = nullptr) const;

private:
  [[nodiscard]] result<std::optional<stored_message>> get(const nlohmann::json& which, int* code) const;

  std::shared_ptr<inbox> box_;
  std::string stream_;
  std::chrono::milliseconds timeout_;
};

/// Deletes all that `stream` holds for `subject`, which may hold wildcards, one by one. What is published
/// meanwhile may stay.
[[nodiscard]] result<void> remove_all_of(const std::shared_ptr<inbox>& box, const std::string& stream,
                                         const std::string& subject);

} // namespace trainyard
