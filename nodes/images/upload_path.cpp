// Component by component: nothing is normalised, as what is stored must have the name that was listed.
#include "nodes/images/upload_path.hpp"

#include <algorithm>

#include "actors/device/image/printable.hpp"

namespace trainyard {

namespace {

constexpr std::size_t longest_path = 4'000;
constexpr std::size_t longest_name = 255;
constexpr std::size_t deepest = 64;

tl::unexpected<failure> outside(const std::string& path) {
  return fail(failure_kind::asset_outside_root, printable(path) + " leads out of the upload",
              "name images relative to their folder");
}
tl::unexpected<failure> unusable(const std::string& path, const std::string& why) {
  return fail(failure_kind::usage, printable(path) + " " + why, "give the image another name");
}

} // namespace

result<std::vector<std::string>> upload_path(const std::string& path) {
  if (path.empty() || path.find('\0') != path.npos)
    return unusable(path, "is no name of a file");
  if (path.front() == '/')
    return outside(path);
  if (path.size() > longest_path)
    return unusable(path, "is longer than " + std::to_string(longest_path) + " bytes");
  std::vector<std::string> names;
  for (std::size_t begin = 0; begin <= path.size();) {
    const auto end = std::min(path.find('/', begin), path.size());
    names.push_back(path.substr(begin, end - begin));
    const auto& name = names.back();
    if (name == "..")
      return outside(path);
    if (name.empty() || name == "." || name.size() > longest_name)
      return unusable(path, "is no plain path of a file");
    if (name == ".trainyard")
      return unusable(path, "is in a folder that is never listed");
    begin = end + 1;
  }
  if (names.size() > deepest)
    return unusable(path, "is more than " + std::to_string(deepest) + " folders deep");
  return names;
}

} // namespace trainyard
