// Walks the directory into the manifest, a slice per message, so that it can be stopped. Detached actor.
#pragma once

#include <memory>
#include <optional>

#include "actors/caf_messages.hpp"
#include "actors/coordinator/directory_walk.hpp"
#include "actors/coordinator/listing_comparison.hpp"

namespace trainyard {

struct lister_config {
  std::filesystem::path directory;
  std::filesystem::path manifest; ///< the file that the writer writes
  std::filesystem::path out;      ///< not entered
  std::size_t slice = 4'096;      ///< entries per message
};

/// Tells the session `listed` as the durable part grows, last with complete = true. A listing that a crash
/// cut short is taken up after its last path; one that was complete is compared with the directory as it is
/// now (directory_compared).
class lister {
public:
  static constexpr const char* name = "trainyard.lister";
  lister(caf::event_based_actor& self, lister_config config, std::shared_ptr<manifest_writer> manifest,
         actor session);
  caf::message_handler handlers();

private:
  [[nodiscard]] result<void> begin();
  [[nodiscard]] result<bool> slice();
  [[nodiscard]] result<void> take(listed_asset asset);
  [[nodiscard]] result<void> end();
  void walk_on();

  caf::event_based_actor& self_;
  lister_config config_;
  std::shared_ptr<manifest_writer> manifest_;
  actor session_;
  std::optional<directory_walk> walk_;
  std::optional<listing_comparison> comparison_; ///< when the manifest was complete before
};

} // namespace trainyard
