// The pool's two C entry points, looked up at run time so that one source serves every system.
#include "actors/device/memory/autorelease_pool.hpp"

#include <dlfcn.h>

namespace trainyard {
namespace {

using push_function = void* (*)();
using pop_function = void (*)(void*);

template <class Function>
Function symbol(const char* name) {
  return reinterpret_cast<Function>(::dlsym(RTLD_DEFAULT, name));
}

struct pool_calls {
  push_function push = symbol<push_function>("objc_autoreleasePoolPush");
  pop_function pop = symbol<pop_function>("objc_autoreleasePoolPop");
};

const pool_calls& calls() {
  static const pool_calls found;
  return found;
}

} // namespace

autorelease_pool::autorelease_pool() noexcept {
  if (calls().push != nullptr && calls().pop != nullptr)
    pool_ = calls().push();
}

autorelease_pool::~autorelease_pool() {
  if (pool_ != nullptr)
    calls().pop(pool_);
}

} // namespace trainyard
