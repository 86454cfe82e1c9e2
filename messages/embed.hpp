// One image or one text that somebody waits for: asked of any worker that has the model, outside all
// sessions.
#pragma once

#include <cstdint>
#include <string>

#include "messages/fields.hpp"
#include "messages/wire.hpp"

namespace trainyard {

/// gateway -> workers, core request PREFIX.embed.MODEL. One of `image` and `text` is not empty.
struct embed_request {
  std::int64_t schema = wire_schema;
  blob image; ///< a whole file: jpg, png, webp, bmp
  std::string text;

  static constexpr auto fields() {
    return std::tuple{required("schema", &embed_request::schema), optional("image", &embed_request::image),
                      optional("text", &embed_request::text)};
  }
  bool operator==(const embed_request&) const = default;
};

/// The answer, or an error_reply.
struct embed_answer {
  std::int64_t schema = wire_schema;
  std::string model;
  std::string space_id;
  std::uint32_t dim = 0;
  blob vector;              ///< dim x fp32, little endian, of norm 1
  std::uint32_t width = 0;  ///< of the image, pixels; 0 for a text
  std::uint32_t height = 0; ///< likewise
  std::uint64_t tokens = 0; ///< of the text, as far as the model has read it; 0 for an image

  static constexpr auto fields() {
    return std::tuple{
        required("schema", &embed_answer::schema),     required("model", &embed_answer::model),
        required("space_id", &embed_answer::space_id), required("dim", &embed_answer::dim),
        required("vector", &embed_answer::vector),     optional("width", &embed_answer::width),
        optional("height", &embed_answer::height),     optional("tokens", &embed_answer::tokens)};
  }
  bool operator==(const embed_answer&) const = default;
};

} // namespace trainyard
