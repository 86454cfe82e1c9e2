// Requests to a cluster's coordinators, and their replies as values or failures.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "config/settings.hpp"
#include "messages/codec.hpp"
#include "messages/subjects.hpp"
#include "nodes/nats/inbox.hpp"

namespace trainyard {

template <wire_struct T>
struct api_reply {
  T value;
  std::string line; ///< the reply itself, as one line of JSON without its end
};

/// One thread at a time; every call blocks.
class api_client {
public:
  /// `role` is what the server's connection list shows.
  [[nodiscard]] static result<api_client> open(const settings& from, const std::string& role);

  /// Over a connection that is there already.
  [[nodiscard]] static result<api_client> over(std::shared_ptr<connection> link, subjects names);

  /// The reply as one line of JSON. What the coordinator refuses is a failure of its code; where none answers
  /// it is nats_unreachable, and `nobody` tells that from a lost connection.
  [[nodiscard]] result<std::string> call(std::string_view verb, std::string_view session,
                                         std::string_view payload, bool* nobody = nullptr);
  template <wire_struct T>
  [[nodiscard]] result<api_reply<T>> ask(std::string_view verb, std::string_view session = {},
                                         std::string_view payload = "{}", bool* nobody = nullptr) {
    auto line = call(verb, session, payload, nobody);
    if (!line)
      return tl::unexpected(line.error());
    auto value = from_json_text<T>(bytes_of(*line));
    if (!value)
      return fail(failure_kind::message_invalid,
                  "the coordinator's answer to " + std::string(verb) + ": " + value.error().cause,
                  "run the same version of trainyard everywhere");
    return api_reply<T>{std::move(*value), std::move(*line)};
  }

  /// Of the next calls, all tries together; 8 s unless set.
  void set_timeout(std::chrono::milliseconds timeout) { timeout_ = timeout; }
  [[nodiscard]] inbox& box() { return *box_; }
  [[nodiscard]] const std::shared_ptr<inbox>& shared_box() { return box_; }
  [[nodiscard]] const std::shared_ptr<connection>& link() const { return box_->link(); }
  [[nodiscard]] const subjects& names() const { return names_; }

private:
  [[nodiscard]] result<nats_message> answer_to(std::string_view verb, const std::string& subject,
                                               std::string_view payload);
  api_client(std::shared_ptr<inbox> box, subjects names) : box_(std::move(box)), names_(std::move(names)) {}
  std::shared_ptr<inbox> box_;
  subjects names_;
  std::chrono::milliseconds timeout_{8'000};
};

/// The failure in `object` where it is a refusal {error: {code, message, remedy}}; nothing otherwise.
[[nodiscard]] std::optional<failure> refusal_in(const nlohmann::json& object);

} // namespace trainyard
