// How many threads one device thread's forward pass uses.
#pragma once

namespace trainyard {

/// For the calling thread only, and safe against other threads doing the same; cheap to repeat. Values below
/// 1 count as 1.
void set_forward_threads(int threads);

} // namespace trainyard
