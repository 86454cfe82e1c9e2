// Everything about a request is looked at before anything touches the disk.
#include "nodes/images/upload_desk.hpp"

#include <algorithm>

#include "actors/device/image/image_file.hpp"
#include "messages/encoded_answer.hpp"
#include "messages/subjects.hpp"
#include "nodes/images/upload_path.hpp"

namespace trainyard {

namespace {

result<uploaded_image> checked(const std::string& folder, const upload_request& asked) {
  if (asked.schema != wire_schema)
    return fail(failure_kind::message_invalid, "schema is " + std::to_string(asked.schema),
                "run the same version of trainyard everywhere");
  if (!is_token(folder))
    return fail(failure_kind::usage, "'" + folder + "' is no name of an upload",
                "a name is 1 to 64 of letters, digits, - and _");
  if (auto named = upload_path(asked.path); !named)
    return tl::unexpected(named.error());
  if (asked.size > max_file_bytes) // an empty file is taken: its session tells of it
    return tl::unexpected(check_file_size(asked.size).error());
  uploaded_image image{folder, asked.path, asked.size, asked.mtime_ns, {}};
  if (asked.sha256.bytes.size() != image.sha256.size())
    return fail(failure_kind::message_invalid,
                "sha256 has " + std::to_string(asked.sha256.bytes.size()) + " bytes, not 32");
  std::ranges::copy(asked.sha256.bytes, image.sha256.begin());
  const auto count = asked.bytes.bytes.size();
  if (asked.offset > asked.size || count > asked.size - asked.offset)
    return fail(failure_kind::message_invalid, std::to_string(count) + " bytes at " +
                                                   std::to_string(asked.offset) + " are beyond the size " +
                                                   std::to_string(asked.size));
  return image;
}

} // namespace

result<upload_reply> upload_desk::take(const std::string& folder, const upload_request& asked) {
  const auto image = checked(folder, asked);
  if (!image)
    return tl::unexpected(image.error());
  if (asked.step == "look")
    return store_->holds(*image).map([](bool there) { return upload_reply{wire_schema, there}; });
  if (asked.step != "write" && asked.step != "finish")
    return fail(failure_kind::message_invalid, "step is '" + asked.step + "'", "look, write or finish");
  if (auto written = store_->write(*image, asked.offset, asked.bytes.bytes); !written)
    return tl::unexpected(written.error());
  if (asked.step == "write")
    return upload_reply{wire_schema, false};
  return store_->finish(*image).map([] { return upload_reply{wire_schema, true}; });
}

std::vector<std::byte> upload_desk::answer(const std::string& folder, std::span<const std::byte> payload) {
  const bool as_json = is_json(payload);
  const auto asked = decode<upload_request>(payload);
  return asked ? encoded_answer(take(folder, *asked), as_json) : encoded_refusal(asked.error(), as_json);
}

} // namespace trainyard
