// A worker's answers to those who wait for a single vector: images by its devices, texts by its model's other
// half.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <span>

#include "actors/device/model/embedding_model.hpp"
#include "messages/subjects.hpp"
#include "nodes/nats/connection.hpp"

namespace trainyard {

struct embedded_image {
  std::vector<float> vector; ///< of norm 1
  std::uint32_t width = 0;   ///< of the file's image, pixels
  std::uint32_t height = 0;
};

struct embed_service_options {
  model_identity model;
  std::filesystem::path model_folder; ///< its text half is loaded when the first text comes
  int text_threads = 1;
  /// Of a whole file; on many threads at once, and it blocks.
  std::function<result<embedded_image>(std::span<const std::byte> file)> embed_image;
};

/// Answers PREFIX.embed.MODEL from open() until it goes.
class embed_service {
public:
  [[nodiscard]] static result<std::unique_ptr<embed_service>>
  open(std::shared_ptr<connection> link, const subjects& names, embed_service_options options);
  ~embed_service();      ///< blocks for what is being answered
  void stop_listening(); ///< others get what comes from now on; what came is answered

private:
  struct state;
  explicit embed_service(std::unique_ptr<state> made);
  std::unique_ptr<state> state_;
};

} // namespace trainyard
