// A moment without the rights of root.
#pragma once

#include <unistd.h>

namespace trainyard::testing {

/// The tests may run as root, to whom every directory is open.
class as_nobody {
public:
  as_nobody() : was_(::geteuid()) {
    if (was_ == 0)
      (void)!::seteuid(65'534);
  }
  as_nobody(const as_nobody&) = delete;
  as_nobody& operator=(const as_nobody&) = delete;
  ~as_nobody() {
    if (was_ == 0)
      (void)!::seteuid(0);
  }

private:
  uid_t was_;
};

} // namespace trainyard::testing
