// Images from a coordinator by a real server: whole, in spite of absences, and refused for the reasons of a
// disk.
#include <future>

#include "actors/device/image/root_directory.hpp"
#include "messages/api.hpp"
#include "messages/codec.hpp"
#include "tests/integration/images/image_world.hpp"

namespace trainyard::testing {
namespace {

namespace fs = std::filesystem;

struct image_fetches : image_world {
  [[nodiscard]] std::shared_ptr<fetched_images> fetched(fetched_images_options with = {}) const {
    auto opened = fetched_images::open(connect(), options.names, with);
    EXPECT_TRUE(opened) << opened.error().cause;
    return *opened;
  }
  void write(const std::string& path, const std::string& bytes) const { dir.write("photos/" + path, bytes); }
};

TEST_F(image_fetches, a_file_of_20_mib_comes_through_a_server_that_takes_1_mib) {
  const auto bytes = content((20U << 20U) + 123);
  write("big.jpg", bytes);
  const auto service = serve();
  const auto images = fetched();
  const auto work = batch_of({"big.jpg"});
  images->expect(work);
  const auto got = images->take(*work, work->assets[0]);
  ASSERT_TRUE(got) << got.error().cause;
  EXPECT_EQ(text(*got), bytes);
  const auto root = root_directory::open(photos.string());
  const auto on_disk = read_whole_file(*root->open_file("big.jpg"));
  EXPECT_EQ(got->facts.sha256, on_disk->facts.sha256);
  EXPECT_EQ(got->facts.mtime_ns, on_disk->facts.mtime_ns);
}

TEST_F(image_fetches, more_images_than_are_fetched_ahead_come_in_the_order_of_their_taking) {
  std::vector<std::string> paths;
  for (int i = 0; i < 60; ++i) {
    paths.push_back(std::to_string(i) + ".jpg");
    write(paths.back(), content(1'000, static_cast<unsigned>(i)));
  }
  const auto service = serve();
  const auto images = fetched();
  const auto first = batch_of(paths);
  const auto second = batch_of(paths);
  images->expect(first);
  images->expect(second);
  for (const auto& work : {first, second})
    for (unsigned i = 0; i < work->assets.size(); ++i) {
      const auto got = images->take(*work, work->assets[i]);
      ASSERT_TRUE(got) << got.error().cause;
      EXPECT_EQ(text(*got), content(1'000, i));
    }
  const auto once_more = images->take(*first, first->assets[0]);
  EXPECT_TRUE(once_more) << "what is wanted again is fetched again";
}

TEST_F(image_fetches, a_refusal_is_that_of_the_disk_with_the_same_words) {
  dir.write("secret.jpg", "x");
  write("empty.jpg", "");
  fs::create_symlink("../secret.jpg", photos / "out.jpg");
  fs::create_directory(photos / "folder.jpg");
  fs::resize_file(dir.write("photos/huge.jpg", "x"), max_file_bytes + 1);
  const std::vector<std::string> paths{"../secret.jpg", "out.jpg",   "gone.jpg",
                                       "folder.jpg",    "empty.jpg", "huge.jpg"};
  const auto service = serve();
  const auto images = fetched();
  const auto work = batch_of(paths);
  images->expect(work);
  const auto root = root_directory::open(photos.string());
  for (const auto& asset : work->assets) {
    const auto got = images->take(*work, asset);
    const auto file = root->open_file(asset.path);
    const auto on_disk =
        file ? read_whole_file(*file) : result<image_file>(tl::unexpected<failure>(file.error()));
    ASSERT_FALSE(got) << asset.path;
    ASSERT_FALSE(on_disk) << asset.path;
    EXPECT_EQ(got.error().kind, on_disk.error().kind) << asset.path;
    EXPECT_EQ(got.error().cause, on_disk.error().cause) << asset.path;
  }
}

TEST_F(image_fetches, an_image_waits_for_a_coordinator_that_comes_late) {
  write("a.jpg", "content");
  const auto images = fetched();
  const auto work = batch_of({"a.jpg"});
  images->expect(work);
  auto taking = std::async(std::launch::async, [&] { return images->take(*work, work->assets[0]); });
  EXPECT_EQ(taking.wait_for(500ms), std::future_status::timeout) << "nobody serves: that is no failure";
  const auto service = serve();
  ASSERT_EQ(taking.wait_for(20s), std::future_status::ready);
  const auto got = taking.get();
  ASSERT_TRUE(got) << got.error().cause;
  EXPECT_EQ(text(*got), "content");
}

TEST_F(image_fetches, an_image_that_nobody_sends_for_long_ends_as_unreachable_and_comes_once_somebody_does) {
  write("a.jpg", "content");
  const auto images = fetched({.patience = 200ms, .between_looks = 50ms});
  const auto work = batch_of({"a.jpg", "b.jpg"});
  images->expect(work);
  auto taking = std::async(std::launch::async, [&] { return images->take(*work, work->assets[0]); });
  ASSERT_EQ(taking.wait_for(20s), std::future_status::ready);
  EXPECT_EQ(taking.get().error().kind, failure_kind::nats_unreachable);
  EXPECT_TRUE(images->is_out_of_reach("photos"));
  EXPECT_FALSE(images->is_out_of_reach("uploads")) << "of which nobody was asked";
  EXPECT_EQ(images->take(*work, work->assets[1]).error().kind, failure_kind::nats_unreachable) << "at once";
  const auto service = serve();
  ASSERT_TRUE(eventually(20s, [&] { return !images->is_out_of_reach("photos"); }));
  const auto again = batch_of({"a.jpg"});
  images->expect(again);
  const auto got = images->take(*again, again->assets[0]);
  ASSERT_TRUE(got) << got.error().cause;
  EXPECT_EQ(text(*got), "content");
}

TEST_F(image_fetches, a_coordinator_whose_share_was_mounted_late_condemns_no_image) {
  const auto early = serve(); // on the empty directory of the mount
  fs::rename(photos, dir.path() / "below");
  fs::create_directory(photos);
  write("a.jpg", "content");
  const auto images = fetched();
  const auto work = batch_of({"a.jpg"});
  images->expect(work);
  auto taking = std::async(std::launch::async, [&] { return images->take(*work, work->assets[0]); });
  EXPECT_EQ(taking.wait_for(200ms), std::future_status::timeout);
  const auto service = serve();
  ASSERT_EQ(taking.wait_for(20s), std::future_status::ready);
  const auto got = taking.get();
  ASSERT_TRUE(got) << got.error().cause;
  EXPECT_EQ(text(*got), "content");
}

TEST_F(image_fetches, a_stop_ends_all_waiting_at_once) {
  const auto images = fetched();
  const auto work = batch_of({"a.jpg", "b.jpg"});
  images->expect(work);
  auto taking = std::async(std::launch::async, [&] { return images->take(*work, work->assets[0]); });
  EXPECT_EQ(taking.wait_for(100ms), std::future_status::timeout);
  images->stop();
  ASSERT_EQ(taking.wait_for(2s), std::future_status::ready);
  EXPECT_EQ(taking.get().error().kind, failure_kind::interrupted);
  EXPECT_EQ(images->take(*work, work->assets[1]).error().kind, failure_kind::interrupted);
}

TEST_F(image_fetches, coordinators_that_come_and_go_cost_no_image) {
  std::vector<std::string> paths;
  for (int i = 0; i < 30; ++i) {
    paths.push_back(std::to_string(i) + ".jpg");
    write(paths.back(), content(3'000'000, static_cast<unsigned>(i)));
  }
  const auto images = fetched();
  const auto work = batch_of(paths);
  std::atomic<bool> done = false;
  auto coming_and_going = std::async(std::launch::async, [&] {
    while (!done) {
      const auto service = serve();
      (void)eventually(100ms, [&] { return done.load(); });
    }
  });
  images->expect(work);
  for (unsigned i = 0; i < work->assets.size(); ++i) {
    const auto got = images->take(*work, work->assets[i]);
    EXPECT_TRUE(got) << got.error().cause;
    if (got) {
      EXPECT_TRUE(text(*got) == content(3'000'000, i)) << i;
    }
  }
  done = true;
}

/// Answers by hand, as no coordinator would at will.
struct hand_made_answers : image_world {
  using answer = std::function<std::vector<std::byte>(const image_request&)>;

  [[nodiscard]] result<image_file> fetch_from(const answer& give) const {
    const auto link = connect();
    const auto ear = link->subscribe(options.names.images("photos"), [&](const nats_message& asked) {
      (void)link->publish(asked.reply, give(*decode<image_request>(asked.payload)));
    });
    EXPECT_TRUE(link->flush(5s));
    const auto box = *inbox::open(connect());
    pending_requests requests(box);
    return image_fetch(requests, options.names, {}).fetch("photos", "a.jpg");
  }
  static std::vector<std::byte> refusal(failure_kind kind) {
    return to_msgpack(error_reply{wire_schema, {code_of(kind), "said so", ""}});
  }
  static std::vector<std::byte> part(const std::string& whole, const image_request& asked,
                                     std::size_t most = 400) {
    image_chunk chunk;
    chunk.size = whole.size();
    chunk.mtime_ns = static_cast<std::int64_t>(whole.size());
    chunk.bytes.bytes =
        payload_of(std::string_view(whole).substr(asked.offset, std::min<std::size_t>(asked.length, most)));
    return to_msgpack(chunk);
  }
};

TEST_F(hand_made_answers, a_file_that_changes_between_its_parts_is_fetched_anew) {
  const auto old = content(1'000), fresh = content(1'300, 7);
  int firsts = 0;
  const auto got = fetch_from([&](const image_request& asked) {
    if (!asked.size)
      return part(++firsts == 1 ? old : fresh, asked);
    return *asked.size == fresh.size() ? part(fresh, asked) : refusal(failure_kind::asset_changed);
  });
  ASSERT_TRUE(got) << got.error().cause;
  EXPECT_EQ(text(*got), fresh);
}

TEST_F(hand_made_answers, a_file_that_never_rests_fails_as_changed) {
  int asked_for = 0;
  const auto got = fetch_from([&](const image_request& asked) {
    return ++asked_for, asked.size ? refusal(failure_kind::asset_changed) : part(content(1'000), asked);
  });
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().kind, failure_kind::asset_changed);
  EXPECT_LT(asked_for, 30);
}

TEST_F(hand_made_answers, what_one_coordinator_does_not_find_is_asked_of_others_before_it_is_believed) {
  const auto bytes = content(2'000);
  for (const auto kind : {failure_kind::asset_missing, failure_kind::asset_denied, failure_kind::asset_io}) {
    int asked_for = 0;
    const auto got = fetch_from(
        [&](const image_request& asked) { return ++asked_for <= 2 ? refusal(kind) : part(bytes, asked); });
    ASSERT_TRUE(got) << got.error().cause;
    EXPECT_EQ(text(*got), bytes);
    asked_for = 0;
    EXPECT_EQ(fetch_from([&](const image_request&) { return ++asked_for, refusal(kind); }).error().kind,
              kind);
    EXPECT_EQ(asked_for, 3);
  }
}

TEST_F(hand_made_answers, busy_coordinators_are_asked_again) {
  const auto bytes = content(2'000);
  int asked_for = 0;
  const auto got = fetch_from([&](const image_request& asked) {
    return ++asked_for % 2 == 1 ? refusal(failure_kind::coordinator_busy) : part(bytes, asked);
  });
  ASSERT_TRUE(got) << got.error().cause;
  EXPECT_EQ(text(*got), bytes);
}

TEST_F(hand_made_answers, short_answers_are_put_together) {
  const auto bytes = content(5'000);
  const auto got = fetch_from(
      [&](const image_request& asked) { return part(bytes, asked, asked.offset % 2 == 0 ? 333 : 100); });
  ASSERT_TRUE(got) << got.error().cause;
  EXPECT_EQ(text(*got), bytes);
}

TEST_F(hand_made_answers, a_size_that_no_image_has_and_more_bytes_than_asked_are_not_believed) {
  image_chunk lie;
  lie.bytes.bytes = payload_of("x");
  lie.size = std::uint64_t{1} << 60U;
  EXPECT_EQ(fetch_from([&](const image_request&) { return to_msgpack(lie); }).error().kind,
            failure_kind::asset_too_large);
  lie.size = 1'000;
  lie.bytes.bytes = payload_of(std::string(2'000, 'x'));
  EXPECT_EQ(fetch_from([&](const image_request&) { return to_msgpack(lie); }).error().kind,
            failure_kind::asset_io);
  lie.bytes.bytes.clear();
  EXPECT_EQ(fetch_from([&](const image_request&) { return to_msgpack(lie); }).error().kind,
            failure_kind::asset_io);
  EXPECT_EQ(fetch_from([&](const image_request&) { return payload_of("nonsense"); }).error().kind,
            failure_kind::asset_io);
}

} // namespace
} // namespace trainyard::testing
