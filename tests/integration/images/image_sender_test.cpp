// Images to a coordinator by a real server: once, whole, and within its limits.
#include "nodes/images/image_sender.hpp"

#include <future>

#include "actors/disk/sha256.hpp"
#include "tests/integration/images/image_world.hpp"
#include "tests/support/child_process.hpp"

#if defined(__SANITIZE_ADDRESS__)
// nats.c 3.4.1 leaks the buffer of what waits for a reconnect when a connection is closed meanwhile: once, at
// its end.
extern "C" const char* __lsan_default_suppressions() {
  return "leak:natsBuf_Create\n";
}
#endif

namespace trainyard::testing {
namespace {

struct image_sends : image_world {
  [[nodiscard]] static image_file image(const std::string& bytes) {
    image_file made;
    made.bytes.resize(bytes.size());
    std::ranges::copy(bytes, reinterpret_cast<char*>(made.bytes.data()));
    made.facts.sha256 = sha256_of(std::string_view(bytes));
    made.facts.mtime_ns = 1'234'567'890'123'456'789;
    return made;
  }
  struct sender_end {
    std::shared_ptr<inbox> box;
    pending_requests requests;
    image_sender sender;
    sender_end(std::shared_ptr<inbox> with, const subjects& names, image_sender_options patience)
        : box(std::move(with)), requests(box), sender(requests, names, "f", patience) {}
  };
  [[nodiscard]] std::unique_ptr<sender_end> sender(image_sender_options patience = {}) const {
    return std::make_unique<sender_end>(*inbox::open(connect()), options.names, patience);
  }
};

TEST_F(image_sends, small_large_and_empty_images_are_stored_once) {
  const auto service = serve();
  const auto end = sender();
  for (const std::size_t bytes :
       {std::size_t{0}, std::size_t{1}, std::size_t{1'000'000}, std::size_t{20U << 20U} + 7}) {
    const auto name = "sub/" + std::to_string(bytes) + ".jpg";
    const auto file = image(content(bytes));
    const auto first = end->sender.send(name, file);
    ASSERT_TRUE(first) << first.error().cause;
    EXPECT_EQ(*first, sent_as::new_image);
    EXPECT_TRUE(content_of(uploads / "f" / name) == content(bytes)) << bytes;
    EXPECT_EQ(end->sender.send(name, file), sent_as::already_there);
  }
}

TEST_F(image_sends, several_coordinators_on_one_folder_each_take_parts_of_an_image) {
  const auto first = serve(), second = serve(), third = serve();
  const auto end = sender();
  const auto bytes = content(30U << 20U);
  const auto sent = end->sender.send("a.jpg", image(bytes));
  ASSERT_TRUE(sent) << sent.error().cause;
  EXPECT_TRUE(content_of(uploads / "f/a.jpg") == bytes);
}

TEST_F(image_sends, coordinators_that_come_and_go_lose_nothing) {
  auto service = serve();
  const auto end = sender();
  ASSERT_TRUE(end->sender.send("first.jpg", image("x")));
  std::atomic<bool> done = false;
  service.reset();
  auto coming_and_going = std::async(std::launch::async, [&] {
    while (!done) {
      const auto one = serve();
      (void)eventually(150ms, [&] { return done.load(); });
    }
  });
  for (unsigned i = 0; i < 8; ++i) {
    const auto name = std::to_string(i) + ".jpg";
    const auto sent = end->sender.send(name, image(content(5'000'000, i)));
    EXPECT_TRUE(sent) << sent.error().cause;
    EXPECT_TRUE(content_of(uploads / "f" / name) == content(5'000'000, i)) << i;
  }
  done = true;
}

TEST_F(image_sends, without_a_coordinator_it_fails_at_once_and_later_after_its_patience) {
  const auto alone = sender()->sender.send("a.jpg", image("x"));
  ASSERT_FALSE(alone);
  EXPECT_EQ(alone.error().kind, failure_kind::nats_unreachable);
  auto service = serve();
  const auto end = sender({4, 15s, 300ms});
  ASSERT_TRUE(end->sender.send("a.jpg", image("x")));
  service.reset();
  const auto left = end->sender.send("b.jpg", image("y"));
  ASSERT_FALSE(left);
  EXPECT_TRUE(left.error().kind == failure_kind::nats_unreachable || // or asked just before it was gone
              left.error().kind == failure_kind::nats_timeout)
      << left.error().cause;
}

TEST_F(image_sends, a_limit_is_told_by_its_code) {
  limits.most_images = 1;
  const auto service = serve();
  const auto end = sender();
  ASSERT_TRUE(end->sender.send("a.jpg", image("x")));
  const auto refused = end->sender.send("b.jpg", image("y"));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, failure_kind::limit_reached);
}

TEST_F(image_sends, what_was_uploaded_is_a_remote_root_like_any_other) {
  const auto service = serve();
  const auto end = sender();
  ASSERT_TRUE(end->sender.send("sub/a.jpg", image("content")));
  const auto got = image_fetch(end->requests, options.names, {}).fetch("uploads", "f/sub/a.jpg");
  ASSERT_TRUE(got) << got.error().cause;
  EXPECT_EQ(text(*got), "content");
  EXPECT_EQ(got->facts.mtime_ns, image("").facts.mtime_ns);
}

} // namespace
} // namespace trainyard::testing
