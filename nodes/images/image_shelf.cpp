// Opens the file beneath its root for each request: nothing is held between two of them.
#include "nodes/images/image_shelf.hpp"

#include <algorithm>
#include <cerrno>

#include <sys/stat.h>

#include "actors/device/image/image_file.hpp"
#include "actors/disk/positioned_io.hpp"
#include "messages/encoded_answer.hpp"
#include "nodes/images/chunk_plan.hpp"

namespace trainyard {

namespace {

tl::unexpected<failure> broken(const std::string& doing) {
  return fail(failure_kind::asset_io, doing + ": " + errno_text(errno),
              "check the coordinator's disk or share, then run again with another --out");
}

bool is_the_same(const image_request& asked, const image_chunk& found) {
  return asked.size.value_or(found.size) == found.size &&
         asked.mtime_ns.value_or(found.mtime_ns) == found.mtime_ns && asked.offset <= found.size;
}

} // namespace

result<image_chunk> image_shelf::read(const std::string& root, const image_request& asked,
                                      std::size_t most_bytes) const {
  if (asked.schema != wire_schema)
    return fail(failure_kind::message_invalid, "schema is " + std::to_string(asked.schema),
                "run the same version of trainyard everywhere");
  const auto directory = roots_.find(root);
  if (directory == roots_.end())
    return fail(failure_kind::asset_missing, "this coordinator has no remote root named '" + root + "'");
  if (!directory->second->is_at_its_path()) // a refusal that sends whoever asks to another coordinator
    return fail(failure_kind::nats_unreachable,
                "the coordinator's root '" + root +
                    "' is not the directory any more that it was at the start",
                "mount its share and restart the coordinator");
  const auto file = directory->second->open_file(asked.path);
  if (!file)
    return tl::unexpected(file.error());
  struct stat status {};
  if (::fstat(file->get(), &status) != 0)
    return broken("reading the size");
  image_chunk part;
  part.size = static_cast<std::uint64_t>(status.st_size);
  part.mtime_ns = mtime_ns_of(status);
  if (auto fits = check_file_size(part.size); !fits)
    return tl::unexpected(fits.error());
  if (!is_the_same(asked, part))
    return fail(failure_kind::asset_changed, "the file changed while it was read",
                "run again with another --out when nothing writes to it");
  const auto length = std::min({asked.length, part.size - asked.offset, std::uint64_t{most_bytes}});
  std::string bytes;
  if (!read_at(file->get(), asked.offset, length, bytes))
    return broken("reading at byte " + std::to_string(asked.offset));
  if (bytes.size() != length)
    return fail(failure_kind::asset_changed, "the file became shorter while it was read",
                "run again with another --out when nothing writes to it");
  const auto raw = std::as_bytes(std::span(bytes));
  part.bytes.bytes.assign(raw.begin(), raw.end());
  return part;
}

std::vector<std::byte> image_shelf::answer(const std::string& root, std::span<const std::byte> payload,
                                           std::size_t max_payload) const {
  const bool as_json = is_json(payload);
  const auto asked = decode<image_request>(payload);
  if (!asked)
    return encoded_refusal(asked.error(), as_json);
  const auto most = chunk_bytes_within(max_payload);
  return encoded_answer(read(root, *asked, as_json ? most / 2 : most),
                        as_json); // base64 is longer by a third
}

} // namespace trainyard
