// Remembers which precision a machine embeds a model in, so that every run of an output agrees.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "actors/device/model/precision_trial.hpp"
#include "messages/failure.hpp"

namespace trainyard {

struct precision_key {
  std::string space_id; ///< stands for the model
  std::string device_kind;
  std::string device_name;
  int threads = 1; ///< of a CPU: as many lanes
};

/// One small JSON file. Calls block for the disk. Of two processes that write at once the last one wins.
class precision_store {
public:
  /// The file and its folder need not exist.
  explicit precision_store(std::filesystem::path file) : file_(std::move(file)) {}

  /// Nothing when none is known. A file that cannot be read or parsed is an error.
  [[nodiscard]] result<std::optional<std::string>> recall(const precision_key& key) const;
  /// Durable when it returns; what was measured is kept for people to read.
  [[nodiscard]] result<void> remember(const precision_key& key,
                                      const std::vector<precision_outcome>& outcomes) const;

private:
  std::filesystem::path file_;
};

} // namespace trainyard
