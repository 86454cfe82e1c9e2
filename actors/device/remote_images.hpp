// Images of roots that this machine does not have, fetched ahead of the readers. nodes/images implements it,
// tests fake it.
#pragma once

#include <memory>
#include <string>

#include "actors/device/image/image_file.hpp"
#include "messages/wire.hpp"

namespace trainyard {

/// Every function may be called from any thread.
class remote_images {
public:
  virtual ~remote_images() = default;
  /// All images of `work` will be taken, in their order and after those expected before. Returns at once.
  virtual void expect(const std::shared_ptr<const work_batch>& work) = 0;
  /// Waits a while when nobody serves the root, then ends as nats_unreachable, which says nothing of the
  /// image. Else only a coordinator's own word about the file is a failure, and `interrupted` after stop().
  [[nodiscard]] virtual result<image_file> take(const work_batch& work, const work_asset& asset) = 0;
  /// Nobody has served that root for a while, and nobody has answered for it since: taking would be in vain.
  [[nodiscard]] virtual bool is_out_of_reach(const std::string& root) const = 0;
  /// Ends every take() at once, and those that follow.
  virtual void stop() = 0;
};

} // namespace trainyard
