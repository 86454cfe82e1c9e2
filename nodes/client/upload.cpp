// A few threads, each with one image at a time; the main thread shows how far they are.
#include "nodes/client/upload.hpp"

#include <condition_variable>
#include <mutex>
#include <optional>
#include <thread>

#include "actors/device/image/image_file.hpp"
#include "actors/device/image/printable.hpp"
#include "actors/device/image/root_directory.hpp"
#include "actors/disk/sha256.hpp"
#include "actors/thread_group.hpp"
#include "nodes/client/upload_progress.hpp"
#include "nodes/images/image_sender.hpp"
#include "nodes/nats/permission_complaint.hpp"

namespace trainyard {

namespace {

constexpr std::size_t sending_threads = 4;

/// An empty file is sent as it is: its session tells of it as any other would.
result<image_file> read_local(const root_directory& root, const listed_asset& asset) {
  const auto file = root.open_file(asset.path);
  if (!file)
    return tl::unexpected(file.error());
  auto content = read_whole_file(*file);
  if (!content && content.error().kind == failure_kind::asset_empty && asset.bytes == 0) {
    image_file empty;
    empty.facts.mtime_ns = asset.mtime_ns;
    empty.facts.sha256 = sha256_of(std::string_view());
    return empty;
  }
  if (content && (content->bytes.size() != asset.bytes || content->facts.mtime_ns != asset.mtime_ns))
    return fail(failure_kind::asset_changed, printable(asset.path) + " changed since the folder was listed",
                "run the same command again when nothing writes to the folder");
  return content;
}

class senders {
public:
  senders(api_client& api, const upload_listing& listing, const root_directory& root)
      : listing_(listing), root_(root), requests_(api.shared_box()),
        sender_(requests_, api.names(), listing.folder, {}) {
    start_threads(threads_, sending_threads, [this] { send_until_done(); });
    const std::lock_guard lock(mutex_);
    running_ -= sending_threads - threads_.size();
  }
  ~senders() {
    requests_.stop();
    for (auto& each : threads_)
      each.join();
  }
  senders(const senders&) = delete;
  senders& operator=(const senders&) = delete;

  /// How far it is after `time`, or at the end.
  upload_counts wait(std::chrono::milliseconds time) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, time, [this] { return ended(); });
    return {outcome_.sent + outcome_.already_there + outcome_.left_out.size(), outcome_.already_there,
            outcome_.bytes_sent, looked_at_bytes_, ended()};
  }
  result<upload_outcome> outcome() {
    const std::lock_guard lock(mutex_);
    if (failed_)
      return tl::unexpected(*failed_);
    return outcome_;
  }

private:
  [[nodiscard]] bool ended() const { return running_ == 0; }

  void send_until_done() {
    while (const auto* asset = next()) {
      const auto file = read_local(root_, *asset);
      const auto sent = file ? sender_.send(asset->path, *file) : result<sent_as>(sent_as::already_there);
      if (!note(*asset, file, sent))
        break;
    }
    const std::lock_guard lock(mutex_);
    --running_;
    changed_.notify_all();
  }

  const listed_asset* next() {
    const std::lock_guard lock(mutex_);
    return failed_ || next_ == listing_.images.size() ? nullptr : &listing_.images[next_++];
  }

  /// False where nothing more is to be sent.
  bool note(const listed_asset& asset, const result<image_file>& file, const result<sent_as>& sent) {
    const std::lock_guard lock(mutex_);
    looked_at_bytes_ += asset.bytes;
    if (!file && file.error().kind != failure_kind::asset_changed &&
        file.error().kind != failure_kind::system_limit)
      outcome_.left_out.push_back(printable(asset.path) + ": " + file.error().cause);
    else if (!file || !sent)
      failed_ = failed_.value_or(file ? sent.error() : file.error());
    else if (*sent == sent_as::already_there)
      ++outcome_.already_there;
    else {
      ++outcome_.sent;
      outcome_.bytes_sent += asset.bytes;
    }
    return !failed_;
  }

  const upload_listing& listing_;
  const root_directory& root_;
  pending_requests requests_;
  image_sender sender_;
  std::mutex mutex_; ///< guards all below but the threads
  std::condition_variable changed_;
  std::size_t next_ = 0;
  std::size_t running_ = sending_threads;
  std::uint64_t looked_at_bytes_ = 0;
  upload_outcome outcome_;
  std::optional<failure> failed_;
  std::vector<std::thread> threads_;
};

failure explained(failure why, const connection& link) {
  if (complains_of_permission(link))
    return {failure_kind::nats_denied, why.cause, "allow this login the subjects of trainyard's uploads"};
  if (why.kind == failure_kind::nats_unreachable && link.connected())
    return {failure_kind::nats_unreachable, "no coordinator at " + link.safe_url() + " takes uploads",
            "start `trainyard coordinator` there with --upload-gigabytes above 0, or correct --nats"};
  return why;
}

} // namespace

result<upload_outcome> upload(api_client& api, const std::filesystem::path& directory,
                              const upload_listing& listing, const settings& from) {
  auto root = root_directory::open(directory.string());
  if (!root)
    return tl::unexpected(root.error());
  upload_progress shown(from, listing.images.size(), listing.bytes);
  senders sending(api, listing, *root);
  for (;;) {
    const auto counts = sending.wait(std::chrono::milliseconds(200));
    shown.show(counts);
    if (counts.ended)
      break;
  }
  auto outcome = sending.outcome();
  if (!outcome)
    return tl::unexpected(explained(outcome.error(), *api.link()));
  return outcome;
}

} // namespace trainyard
