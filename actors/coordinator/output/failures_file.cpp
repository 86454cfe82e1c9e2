// Line by line, in one pass.
#include "actors/coordinator/output/failures_file.hpp"

#include <fstream>
#include <functional>
#include <string>

#include "actors/coordinator/output/corrupt_output.hpp"
#include "actors/disk/durable_file.hpp"
#include "messages/json_codec.hpp"

namespace trainyard {

namespace {

constexpr std::size_t buffer_bytes = 256 * 1024;

struct asset_part { ///< of a line
  std::string asset_id;
  static constexpr auto fields() { return std::tuple{required("asset_id", &asset_part::asset_id)}; }
};

std::optional<asset_key> asset_of(const std::string& line) {
  const auto part = from_json_text<asset_part>(std::as_bytes(std::span(line)));
  return part ? asset_key_in(part->asset_id) : std::nullopt;
}

/// Calls `each` with every line, its end left out, and where it begins.
result<void> read_lines(const std::filesystem::path& file, std::uint64_t bytes,
                        const std::function<result<void>(const std::string&, std::uint64_t)>& each) {
  std::ifstream text(file, std::ios::binary);
  std::uint64_t at = 0;
  for (std::string line; at < bytes && std::getline(text, line); at += line.size() + 1)
    if (auto done = each(line, at); !done)
      return done;
  if (at == bytes)
    return {};
  return corrupt_output(file.string() + " has no end of line at byte " + std::to_string(bytes));
}

} // namespace

result<asset_keys> failed_assets_in(const std::filesystem::path& file, std::uint64_t bytes) {
  std::vector<asset_key> keys;
  auto read = read_lines(file, bytes, [&](const std::string& line, std::uint64_t) -> result<void> {
    if (const auto key = asset_of(line))
      keys.push_back(*key);
    return {};
  });
  return read.map([&] { return asset_keys(std::move(keys)); });
}

result<failures_copy> copy_failures(const std::filesystem::path& from, std::uint64_t bytes,
                                    const std::filesystem::path& to, std::uint64_t old_bytes,
                                    const asset_keys& gone) {
  auto file = durable_file::create_fresh(to);
  if (!file)
    return tl::unexpected(std::move(file).error());
  failures_copy copy;
  std::string buffer;
  const auto flush = [&]() -> result<void> {
    return file->write_all_at(copy.bytes, buffer).map([&] {
      copy.bytes += buffer.size();
      buffer.clear();
    });
  };
  auto read = read_lines(from, bytes, [&](const std::string& line, std::uint64_t at) -> result<void> {
    const auto key = at < old_bytes ? asset_of(line) : std::nullopt;
    if (key && gone.contains(*key)) {
      ++copy.left_out;
      return {};
    }
    buffer += line + "\n";
    return buffer.size() >= buffer_bytes ? flush() : result<void>();
  });
  return read.and_then(flush).and_then([&] { return file->sync(); }).map([&] { return copy; });
}

} // namespace trainyard
