// What the connection's own files share; the one header of ours that includes nats.c, for sources of this
// room only.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include <nats/nats.h>

#include "nodes/nats/connection.hpp"

namespace trainyard {

/// What nats.c's callbacks write to. They hold it shared, as they may run until the closed event, the last.
struct connection_watch {
  connection_status_sink sink;
  std::atomic<std::uint64_t> incarnation{1};
  std::mutex mutex; ///< guards all below
  std::condition_variable changed;
  std::string complaint;
  bool closed = false;
};

struct connection::state {
  connection_options options;
  std::string safe_url;
  std::shared_ptr<connection_watch> watch;
  natsConnection* link = nullptr;
};

using nats_options = std::unique_ptr<natsOptions, decltype(&natsOptions_Destroy)>;

/// The urls, comma between, each without what stands before its '@'.
[[nodiscard]] std::string safe_urls(const std::vector<std::string>& urls);
/// `watch` is given to every callback; the closed event deletes it.
[[nodiscard]] result<nats_options> make_nats_options(const connection_options& from,
                                                     const std::string& safe_url,
                                                     std::shared_ptr<connection_watch>* watch);
[[nodiscard]] tl::unexpected<failure> connect_failure(natsStatus status, const connection_options& options,
                                                      const std::string& safe_url);

} // namespace trainyard
