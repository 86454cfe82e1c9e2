// What is on the disk and in the streams, whatever the processes believe: no acknowledgement may run ahead of
// it, and nobody is condemned against it.
#pragma once

#include <map>
#include <set>
#include <string>

#include "tests/simulation/surroundings.hpp"

namespace trainyard::simulation {

/// Watches `around` while it lives.
class durable_truth {
public:
  explicit durable_truth(surroundings& around);

  [[nodiscard]] std::uint64_t epoch() const { return epoch_; }
  /// Two workers had begun that image alone, and nothing more was heard of it from them.
  [[nodiscard]] bool may_be_condemned(std::uint64_t batch, std::uint32_t position,
                                      std::uint64_t images_of_batch) const;

private:
  void acknowledged(const told& result);
  void stored(const told& result);
  void synced(const std::filesystem::path& file);

  surroundings& around_;
  std::set<std::uint64_t> recorded_;                ///< in the ledger
  std::uint64_t committed_ = 0;                     ///< in shards, all before it
  std::set<work_key> has_result_;                   ///< the stream ever had one
  std::map<work_key, std::set<std::string>> begun_; ///< by workers that said so
  std::map<work_key, std::set<std::string>> ended_; ///< by workers that stored an outcome
  std::uint64_t epoch_ = 0;
};

} // namespace trainyard::simulation
