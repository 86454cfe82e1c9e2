// What a further generation of the listing is, beside its items in the manifest: its note, and two files.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <tuple>

#include "messages/failure.hpp"
#include "messages/fields.hpp"
#include "messages/report.hpp"

namespace trainyard {

/// The note that seals a generation in the manifest, and so makes it and its files true at once.
struct generation_note {
  std::uint64_t generation = 0; ///< 1 is the first that has a note
  std::uint64_t live_items = 0; ///< in the output, once it is done
  std::uint64_t live_bytes = 0; ///< length of the live file
  std::string live_sha256;
  std::uint64_t superseded = 0;        ///< items of earlier generations that it takes out of the output
  std::uint64_t superseded_failed = 0; ///< of them: those that stand in failures.jsonl
  std::string superseded_sha256;
  changes_report changes;

  static constexpr auto fields() {
    using note = generation_note;
    return std::tuple{required("generation", &note::generation),
                      required("live_items", &note::live_items),
                      required("live_bytes", &note::live_bytes),
                      required("live_sha256", &note::live_sha256),
                      required("superseded", &note::superseded),
                      required("superseded_failed", &note::superseded_failed),
                      required("superseded_sha256", &note::superseded_sha256),
                      required("changes", &note::changes)};
  }
};

[[nodiscard]] std::string to_text(const generation_note& note);
/// output_corrupt for a text that is none.
[[nodiscard]] result<generation_note> generation_note_in(const std::string& text);

/// Names in an output's private directory, of which only those of the newest sealed generation count.
struct generation_files {
  std::filesystem::path directory;

  /// The items that the output shall hold, in path order (live_listing.hpp).
  [[nodiscard]] std::filesystem::path live(std::uint64_t generation) const {
    return directory / ("live-" + std::to_string(generation));
  }
  /// An item_set.
  [[nodiscard]] std::filesystem::path superseded(std::uint64_t generation) const {
    return directory / ("superseded-" + std::to_string(generation));
  }
  /// Removes the files of every generation but `newest`: older ones, and those that were never sealed.
  [[nodiscard]] result<void> remove_all_but(std::uint64_t newest) const;
};

} // namespace trainyard
