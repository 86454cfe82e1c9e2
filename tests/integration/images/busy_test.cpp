// A coordinator holds a bounded number of requests; whoever comes beyond it hears so at once.
#include <condition_variable>

#include "messages/codec.hpp"
#include "nodes/images/pending_requests.hpp"
#include "nodes/nats/request_pool.hpp"
#include "tests/integration/images/image_world.hpp"

namespace trainyard::testing {
namespace {

TEST_F(image_world, requests_beyond_the_bound_are_answered_busy_and_the_others_in_the_end) {
  std::mutex mutex;
  std::condition_variable changed;
  bool open_gate = false;
  int held_up = 0;
  const auto link = connect();
  auto pool = request_pool::open(link, {"test.things"},
                                 [&](const nats_message&) {
                                   std::unique_lock lock(mutex);
                                   ++held_up;
                                   changed.wait(lock, [&] { return open_gate; });
                                   return to_msgpack(image_chunk{});
                                 },
                                 {"group", 2, 3});
  ASSERT_TRUE(pool) << pool.error().cause;
  const auto open = [&] {
    {
      const std::lock_guard lock(mutex);
      open_gate = true;
    }
    changed.notify_all();
  };
  const std::shared_ptr<void> whatever_fails(nullptr, [&](void*) { open(); });
  const auto box = *inbox::open(connect());
  std::mutex counting;
  int busy = 0, served = 0;
  const auto ask = [&] {
    request what;
    what.subject = "test.things";
    what.timeout = 20s;
    box->ask(std::move(what), [&](const result<nats_message>& got) {
      const auto answer = got ? answer_in<image_chunk>(*got) : tl::unexpected(got.error());
      const std::lock_guard lock(counting);
      served += answer ? 1 : 0;
      busy += !answer && answer.error().kind == failure_kind::coordinator_busy ? 1 : 0;
    });
  };
  for (int i = 0; i < 2; ++i)
    ask();
  ASSERT_TRUE(eventually(10s, [&] {
    const std::lock_guard lock(mutex);
    return held_up == 2;
  }));
  for (int i = 0; i < 20; ++i)
    ask();
  const auto count = [&](const int& which) {
    const std::lock_guard lock(counting);
    return which;
  };
  EXPECT_TRUE(eventually(10s, [&] { return count(busy) == 17; })) << "three wait: " << count(busy);
  EXPECT_EQ(count(served), 0);
  open();
  EXPECT_TRUE(eventually(10s, [&] { return count(served) == 5; })) << count(served);
  box->close();
}

TEST_F(image_world, a_request_whose_answer_throws_is_refused_and_the_next_one_answered) {
  int asked = 0;
  auto pool = request_pool::open(connect(), {"test.things"},
                                 [&](const nats_message&) -> std::vector<std::byte> {
                                   if (++asked == 1)
                                     throw std::bad_alloc();
                                   return to_msgpack(image_chunk{});
                                 },
                                 {"group", 1, 3});
  ASSERT_TRUE(pool) << pool.error().cause;
  const auto box = *inbox::open(connect());
  const auto ask = [&] {
    request what;
    what.subject = "test.things";
    return answer_in<image_chunk>(*box->call(std::move(what)));
  };
  EXPECT_EQ(ask().error().kind, failure_kind::asset_io);
  EXPECT_TRUE(ask());
}

} // namespace
} // namespace trainyard::testing
