// An Objective-C autorelease pool for the length of a batch, where the system has such a thing.
#pragma once

namespace trainyard {

/// A plain thread has no outer pool, so whatever Metal autoreleases would live until the thread ends. Open
/// one per batch on the device's thread. Does nothing off Apple's systems.
class autorelease_pool {
public:
  autorelease_pool() noexcept;
  ~autorelease_pool();
  autorelease_pool(const autorelease_pool&) = delete;
  autorelease_pool& operator=(const autorelease_pool&) = delete;

private:
  void* pool_ = nullptr;
};

} // namespace trainyard
