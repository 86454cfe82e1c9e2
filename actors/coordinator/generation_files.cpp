// The note as one line of JSON; names that are no generation's are left alone.
#include "actors/coordinator/generation_files.hpp"

#include <span>
#include <vector>

#include "actors/disk/durable_file.hpp"
#include "messages/json_codec.hpp"

namespace trainyard {

namespace fs = std::filesystem;

std::string to_text(const generation_note& note) {
  return to_json_text(note);
}

result<generation_note> generation_note_in(const std::string& text) {
  auto note = from_json_text<generation_note>(std::as_bytes(std::span(text)));
  if (!note)
    return fail(failure_kind::output_corrupt,
                "the note of a generation in the listing: " + note.error().cause,
                "read the folder with the version of trainyard that wrote it last");
  return note;
}

result<void> generation_files::remove_all_but(std::uint64_t newest) const {
  std::error_code error;
  std::vector<fs::path> stray;
  for (fs::directory_iterator each(directory, error), end; !error && each != end; each.increment(error)) {
    const auto name = each->path().filename().string();
    for (const std::string start : {"live-", "superseded-"})
      if (name.starts_with(start) &&
          name.find_first_not_of("0123456789.tmp", start.size()) == std::string::npos &&
          name != start + std::to_string(newest))
        stray.push_back(each->path());
  }
  if (error)
    return disk_failure("cannot list", directory, error.value());
  for (const auto& each : stray)
    if (auto removed = remove_file(each); !removed)
      return tl::unexpected(std::move(removed).error());
  return {};
}

} // namespace trainyard
