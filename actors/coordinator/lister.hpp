// Walks the directory into the manifest, or compares it with that, a slice per message, so that it can be
// stopped. Detached actor.
#pragma once

#include <memory>
#include <optional>

#include "actors/caf_messages.hpp"
#include "actors/coordinator/directory_update.hpp"
#include "actors/coordinator/directory_walk.hpp"

namespace trainyard {

struct lister_config {
  std::filesystem::path directory;
  std::filesystem::path out; ///< not entered
  std::size_t slice = 4'096; ///< entries per message
};

/// Tells the session `listed` as the durable part grows, last with complete = true. A listing that a crash
/// cut short is taken up after its last path; one that an earlier run had made, or begun, is to be compared
/// with the directory as it is now: at compare_directory, answered by directory_compared.
class lister {
public:
  static constexpr const char* name = "trainyard.lister";
  lister(caf::event_based_actor& self, lister_config config, std::shared_ptr<manifest_writer> manifest,
         actor session);
  caf::message_handler handlers();

private:
  [[nodiscard]] result<void> begin();
  [[nodiscard]] result<bool> slice();
  [[nodiscard]] result<void> end();
  void walk_on();
  void compare(const compare_directory& wanted);
  [[nodiscard]] result<bool> compare_on();

  caf::event_based_actor& self_;
  lister_config config_;
  std::shared_ptr<manifest_writer> manifest_;
  actor session_;
  std::optional<directory_walk> walk_;
  std::unique_ptr<directory_update> update_; ///< since compare_directory
  bool of_earlier_run_ = false;              ///< all of the listing, or its beginning
};

} // namespace trainyard
