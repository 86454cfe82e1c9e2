// Small pieces are gathered, so that a row costs no system call.
#include "actors/export/growing_file.hpp"

namespace trainyard {
namespace {

constexpr std::size_t most_waiting = 1U << 20U;

} // namespace

result<growing_file> growing_file::create(const std::filesystem::path& final_name) {
  growing_file made;
  made.final_name_ = std::filesystem::absolute(final_name);
  auto file = durable_file::create_fresh(temporary_of(made.final_name_));
  if (!file)
    return tl::unexpected(std::move(file).error());
  made.file_ = std::move(*file);
  return made;
}

result<void> growing_file::append(std::span<const std::byte> bytes) {
  waiting_.insert(waiting_.end(), bytes.begin(), bytes.end());
  return waiting_.size() >= most_waiting ? flush() : result<void>{};
}

result<void> growing_file::flush() {
  auto written = file_.write_all_at(end_, waiting_);
  end_ += waiting_.size();
  waiting_.clear();
  return written;
}

result<void> growing_file::write_at(std::uint64_t offset, std::string_view text) {
  return flush().and_then([&] { return file_.write_all_at(offset, text); });
}

result<void> growing_file::finish() {
  return flush()
      .and_then([&] { return file_.sync(); })
      .and_then([&] { return rename_file(file_.path(), final_name_); })
      .and_then([&] { return sync_directory(final_name_.parent_path()); });
}

} // namespace trainyard
