// A run is three numbers of eight bytes; the highest bit of its count says that it was touched.
#include "actors/coordinator/live_listing.hpp"

#include <algorithm>
#include <span>

#include "actors/coordinator/little_endian.hpp"
#include "actors/coordinator/output/corrupt_output.hpp"

namespace trainyard {

namespace {

constexpr std::size_t run_bytes = 24;
constexpr std::size_t portion_bytes = run_bytes * 2'730; // about 64 KiB
constexpr std::uint64_t portion_items = 256;
constexpr std::uint64_t touched_bit = std::uint64_t{1} << 63;

tl::unexpected<failure> damaged(const std::filesystem::path& file) {
  return corrupt_output(file.string() + " is damaged: it is not what the listing tells of");
}

} // namespace

live_listing live_listing::of_first_generation(manifest_reader manifest) {
  live_listing listing(std::move(manifest));
  const auto& generations = listing.manifest_.generations();
  listing.run_.count = generations.empty() ? 0 : generations.front().end_item;
  return listing;
}

result<live_listing> live_listing::open(manifest_reader manifest, const generation_files& files,
                                        const generation_note& note) {
  const auto path = files.live(note.generation);
  std::error_code error;
  if (std::filesystem::file_size(path, error) != note.live_bytes || error || note.live_bytes % run_bytes != 0)
    return damaged(path);
  auto file = durable_file::open_existing_or_new(path);
  if (!file)
    return tl::unexpected(file.error());
  live_listing listing(std::move(manifest));
  listing.file_ = std::move(*file);
  listing.file_bytes_ = note.live_bytes;
  listing.sha256_ = note.live_sha256;
  return listing;
}

result<std::optional<live_item>> live_listing::next() {
  while (run_.count == 0) {
    const auto more = next_run();
    if (!more)
      return tl::unexpected(more.error());
    if (!*more)
      return std::nullopt;
  }
  if (run_.first < first_of_items_ || run_.first >= first_of_items_ + items_.size()) {
    auto read = manifest_.read(run_.first, std::min(run_.count, portion_items));
    if (!read)
      return tl::unexpected(read.error());
    if (read->empty())
      return damaged(file_ ? file_->path() : std::filesystem::path("the listing"));
    items_ = std::move(*read);
    first_of_items_ = run_.first;
  }
  live_item found{run_.first, run_.touched, items_[run_.first - first_of_items_]};
  if (run_.touched)
    found.asset.mtime_ns = run_.mtime_ns;
  ++run_.first;
  --run_.count;
  return found;
}

result<bool> live_listing::next_run() {
  if (!file_)
    return false;
  if (portion_at_ == portion_.size()) {
    if (offset_ == file_bytes_)
      return check_end().map([] { return false; });
    portion_.resize(std::min<std::uint64_t>(portion_bytes, file_bytes_ - offset_));
    const auto into = std::as_writable_bytes(std::span(portion_));
    if (auto got = file_->read_all_at(offset_, into); !got)
      return tl::unexpected(got.error());
    seen_.add(into);
    offset_ += portion_.size();
    portion_at_ = 0;
  }
  const char* at = portion_.data() + portion_at_;
  const auto count = get_number<std::uint64_t>(at + 8);
  run_ = {get_number<std::uint64_t>(at), count & ~touched_bit,
          static_cast<std::int64_t>(get_number<std::uint64_t>(at + 16)), (count & touched_bit) != 0};
  portion_at_ += run_bytes;
  return true;
}

result<void> live_listing::check_end() {
  if (sha256_.empty())
    return {}; // checked already
  const bool good = to_hex(seen_.finish()) == std::exchange(sha256_, "");
  return good ? result<void>() : damaged(file_->path());
}

result<void> live_listing_writer::add(std::uint64_t item, std::optional<std::int64_t> mtime_ns_of_touched) {
  ++items_;
  if (!mtime_ns_of_touched && !run_.touched && run_.count > 0 && item == run_.first + run_.count) {
    ++run_.count;
    return {};
  }
  put_run();
  run_ = {item, 1, mtime_ns_of_touched.value_or(0), mtime_ns_of_touched.has_value()};
  return buffer_.size() >= portion_bytes ? flush() : result<void>();
}

void live_listing_writer::put_run() {
  if (run_.count == 0)
    return;
  put_number(buffer_, run_.first);
  put_number(buffer_, run_.count | (run_.touched ? touched_bit : 0));
  put_number(buffer_, static_cast<std::uint64_t>(run_.mtime_ns));
  run_.count = 0;
}

result<void> live_listing_writer::flush() {
  if (!file_.is_open()) {
    auto fresh = durable_file::create_fresh(path_);
    if (!fresh)
      return tl::unexpected(fresh.error());
    file_ = std::move(*fresh);
  }
  if (auto written = file_.write_all_at(written_, buffer_); !written)
    return written;
  seen_.add(std::as_bytes(std::span(buffer_)));
  written_ += buffer_.size();
  buffer_.clear();
  return {};
}

result<void> live_listing_writer::finish(generation_note& note) {
  put_run();
  if (auto flushed = flush(); !flushed)
    return flushed;
  note.live_items = items_;
  note.live_bytes = written_;
  note.live_sha256 = to_hex(seen_.finish());
  return file_.sync();
}

result<void> live_listing_writer::discard() {
  if (!file_.is_open())
    return {};
  file_ = durable_file();
  return remove_file(path_).map([](bool) {});
}

} // namespace trainyard
