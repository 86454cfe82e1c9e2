// Images that travel: parts of a file that a worker asks a coordinator for, and images that a client sends.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "messages/fields.hpp"
#include "messages/wire.hpp"

namespace trainyard {

/// Of the root in which coordinators keep what clients have sent; no --root may have it.
inline constexpr const char* upload_root_name = "uploads";

/// worker -> coordinators, core request PREFIX.images.ROOT.
struct image_request {
  std::int64_t schema = wire_schema;
  std::string path; ///< below the root, in raw bytes as the file system has it
  std::uint64_t offset = 0;
  std::uint64_t length = 0; ///< at most; the answer may hold less
  /// Of the file as an earlier answer had them: one that has changed is refused as TY2005.
  std::optional<std::uint64_t> size;
  std::optional<std::int64_t> mtime_ns;

  static constexpr auto fields() {
    return std::tuple{
        required("schema", &image_request::schema), required("path", &image_request::path),
        required("offset", &image_request::offset), required("length", &image_request::length),
        optional("size", &image_request::size),     optional("mtime_ns", &image_request::mtime_ns)};
  }
  bool operator==(const image_request&) const = default;
};

/// The answer, or an error_reply.
struct image_chunk {
  std::int64_t schema = wire_schema;
  std::uint64_t size = 0; ///< of the whole file
  std::int64_t mtime_ns = 0;
  blob bytes; ///< from `offset` on

  static constexpr auto fields() {
    return std::tuple{required("schema", &image_chunk::schema), required("size", &image_chunk::size),
                      required("mtime_ns", &image_chunk::mtime_ns), required("bytes", &image_chunk::bytes)};
  }
  bool operator==(const image_chunk&) const = default;
};

/// client -> coordinators, core request PREFIX.upload.FOLDER. Every step may be repeated, and answered by any
/// coordinator: look whether the image is there; write a part of it, in any order; finish with its last part
/// (all of a small image at once), when every other one was answered.
struct upload_request {
  std::int64_t schema = wire_schema;
  std::string step; ///< look, write, finish
  std::string path; ///< below FOLDER
  std::uint64_t size = 0;
  std::int64_t mtime_ns = 0; ///< which the stored file gets
  blob sha256;               ///< 32 bytes, of the whole image
  std::uint64_t offset = 0;  ///< of `bytes`
  blob bytes;

  static constexpr auto fields() {
    return std::tuple{
        required("schema", &upload_request::schema),     required("step", &upload_request::step),
        required("path", &upload_request::path),         required("size", &upload_request::size),
        required("mtime_ns", &upload_request::mtime_ns), required("sha256", &upload_request::sha256),
        optional("offset", &upload_request::offset),     optional("bytes", &upload_request::bytes)};
  }
  bool operator==(const upload_request&) const = default;
};

/// The answer, or an error_reply: TY2005 where the parts do not give what `sha256` says, to begin again.
struct upload_reply {
  std::int64_t schema = wire_schema;
  bool stored = false; ///< the image is there with that size, time and SHA-256

  static constexpr auto fields() {
    return std::tuple{required("schema", &upload_reply::schema), required("stored", &upload_reply::stored)};
  }
  bool operator==(const upload_reply&) const = default;
};

} // namespace trainyard
