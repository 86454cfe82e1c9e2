// A coordinator's part in all this: its remote roots served, uploads taken, each on threads of its own.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "messages/subjects.hpp"
#include "nodes/images/upload_quota.hpp"
#include "nodes/nats/connection.hpp"

namespace trainyard {

struct image_service_options {
  subjects names;
  std::map<std::string, std::filesystem::path> roots; ///< the one of uploads among them
  std::optional<std::filesystem::path> uploads;       ///< made where it is missing; none are taken without
  upload_limits limits;
};

/// Answers from open() until it goes.
class image_service {
public:
  /// Blocks on the disk.
  [[nodiscard]] static result<std::unique_ptr<image_service>> open(std::shared_ptr<connection> link,
                                                                   const image_service_options& options);
  ~image_service(); ///< blocks for what is being answered

private:
  struct state;
  explicit image_service(std::unique_ptr<state> made);
  std::unique_ptr<state> state_;
};

} // namespace trainyard
