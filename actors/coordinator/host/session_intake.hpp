// From what a client asks for to a session that can be run here: names, folders and numbers checked once.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <set>
#include <string>

#include "actors/coordinator/session_config.hpp"
#include "messages/api.hpp"
#include "messages/failure.hpp"

namespace trainyard {

/// What a coordinator must know of a model; the rest is the workers' affair.
struct model_facts {
  std::string name;
  std::string space_id;
  std::uint32_t dim = 0;
  std::string precision; ///< of its forward pass when nothing is asked for
  std::string pool;      ///< of the precision that was asked for, or of its own
};

struct intake_rules {
  std::map<std::string, std::filesystem::path, std::less<>> roots; ///< absolute, links resolved
  std::set<std::string, std::less<>> remote_roots; ///< of them, whose images workers can ask us for
  /// The remote root that holds what clients have sent; empty: none. It lies below the output root, is never
  /// the root of a job that names none, and no session's output may be made in it.
  std::string upload_root;
  std::filesystem::path output_root; ///< absolute
  std::string model;                 ///< where a job names none
  std::uint64_t batch_size = 64;
  std::uint64_t shard_rows = 10'000;
  std::string dtype = "fp16";
  std::string precision = "auto";
  /// Blocks on the disk; called for each new name once. `precision` may be "auto".
  std::function<result<model_facts>(const std::string& model, const std::string& precision)> describe_model;
};

/// Thread safe where describe_model is. Both block on the disk.
class session_intake {
public:
  explicit session_intake(intake_rules rules) : rules_(std::move(rules)) {}

  /// A record in state queued with every choice made, so that any coordinator runs the same session. usage or
  /// config_invalid for values that no session can have, input_missing for a folder that is not there,
  /// asset_outside_root for one outside of every root, model_missing. `now`: the time of day as text.
  [[nodiscard]] result<session_record> accept(session_spec spec, const std::string& session,
                                              const std::string& now) const;
  /// What to run; input_missing where this coordinator has no such root or the folder is gone.
  [[nodiscard]] result<session_config> configure(const session_record& record) const;
  [[nodiscard]] bool has_root(const std::string& name) const { return rules_.roots.contains(name); }

private:
  struct place {
    std::string root;
    std::string directory; ///< below it
  };
  [[nodiscard]] result<place> locate(const session_spec& spec) const;
  [[nodiscard]] std::optional<std::string> only_root() const;
  [[nodiscard]] bool is_among_uploads(const std::filesystem::path& out) const;
  [[nodiscard]] result<place> locate_absolute(const std::filesystem::path& directory) const;
  [[nodiscard]] result<std::filesystem::path> output_of(const std::string& asked) const;

  intake_rules rules_;
};

} // namespace trainyard
