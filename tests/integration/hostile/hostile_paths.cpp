// The table. A folder may be made of it as often as wanted.
#include "tests/integration/hostile/hostile_paths.hpp"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

namespace trainyard::testing {
namespace {

namespace fs = std::filesystem;

using maker = std::function<void(const fs::path&)>;

void make_socket(const fs::path& folder) {
  const int listener = ::socket(AF_UNIX, SOCK_STREAM, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  (folder / "socket.jpg").native().copy(address.sun_path, sizeof address.sun_path - 1);
  [[maybe_unused]] const int bound =
      ::bind(listener, reinterpret_cast<const sockaddr*>(&address), sizeof address);
  ::close(listener);
}

/// Names of 200 bytes each, one below the other, through descriptors: no path of this length can be named.
void make_deep(const fs::path& folder, const fs::path& photo) {
  int at = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY);
  const std::string name(200, 'd');
  for (int depth = 0; depth < 25; ++depth) {
    ::mkdirat(at, name.c_str(), 0700);
    const int below = ::openat(at, name.c_str(), O_RDONLY | O_DIRECTORY);
    ::close(at);
    at = below;
  }
  ::linkat(AT_FDCWD, photo.c_str(), at, "deep.jpg", 0);
  ::close(at);
}

std::string folders(int depth) {
  std::string path;
  for (; depth > 0; --depth)
    path += std::string(200, 'd') + "/";
  return path;
}

} // namespace

std::vector<hostile_path> hostile_paths(const fs::path& photo) {
  const auto named = [photo](const std::string& name) {
    return [photo, name](const fs::path& folder) { fs::copy_file(photo, folder / name); };
  };
  const auto linked = [](const std::string& name, const fs::path& target) {
    return [name, target](const fs::path& folder) { fs::create_symlink(target, folder / name); };
  };
  const maker nothing = [](const fs::path&) {};
  std::vector<hostile_path> table{
      {"plain.jpg", "a photo", named("plain.jpg"), "embedded"},
      {"no_extension", "a photo by its first bytes only", named("no_extension"), "embedded"},
      {"UPPER.JPG", "an ending in capitals", named("UPPER.JPG"), "embedded"},
      {"link_inside.jpg", "a link to plain.jpg", linked("link_inside.jpg", "plain.jpg"), "embedded"},
      {"hard_link.jpg", "a hard link to a photo elsewhere",
       [photo](const fs::path& folder) { fs::create_hard_link(photo, folder / "hard_link.jpg"); },
       "embedded"},
      {"folder.jpg/inside.jpg", "a folder named as an image",
       [photo](const fs::path& folder) {
         fs::create_directory(folder / "folder.jpg");
         fs::copy_file(photo, folder / "folder.jpg/inside.jpg");
       },
       "embedded"},
      {"link_out.jpg", "a link to a photo outside, relative",
       [photo](const fs::path& folder) {
         fs::copy_file(photo, folder.parent_path() / "outside.jpg", fs::copy_options::overwrite_existing);
         fs::create_symlink("../outside.jpg", folder / "link_out.jpg");
       },
       "asset_outside_root"},
      {"link_absolute.jpg", "a link by an absolute path to a file of the folder itself",
       [](const fs::path& folder) { fs::create_symlink(folder / "plain.jpg", folder / "link_absolute.jpg"); },
       "asset_outside_root"},
      {"link_zero.jpg", "a link to /dev/zero", linked("link_zero.jpg", "/dev/zero"), "asset_outside_root"},
      {"link_environ.jpg", "a link to /proc/self/environ", linked("link_environ.jpg", "/proc/self/environ"),
       "asset_outside_root"},
      {"link_loop.jpg", "a link to itself", linked("link_loop.jpg", "link_loop.jpg"), "asset_outside_root"},
      {"link_nowhere.jpg", "a link to nothing", linked("link_nowhere.jpg", "nowhere.jpg"), "asset_missing"},
      {"fifo.jpg", "a pipe without a writer",
       [](const fs::path& folder) { ::mkfifo((folder / "fifo.jpg").c_str(), 0600); }, "asset_not_a_file"},
      {"socket.jpg", "a socket", make_socket, "asset_not_a_file"},
      {"sparse.jpg", "64 MiB and one byte, without content",
       [](const fs::path& folder) {
         ::close(::open((folder / "sparse.jpg").c_str(), O_CREAT | O_WRONLY, 0600));
         fs::resize_file(folder / "sparse.jpg", (64ULL << 20U) + 1);
       },
       "asset_too_large"},
      {folders(21), "folders below one another, to a path beyond 4,096 bytes: listed, not entered",
       [photo](const fs::path& folder) { make_deep(folder, photo); }, "asset_denied"},
      {folders(25) + "deep.jpg", "a message that names a photo further below", nothing, "asset_io", false},
      {"../outside.jpg", "a message that climbs out", nothing, "asset_outside_root", false},
      {"/etc/passwd", "a message with an absolute path", nothing, "asset_outside_root", false},
      {"folder.jpg/../../outside.jpg", "a message that climbs out on the way", nothing, "asset_outside_root",
       false},
      {"folder.jpg", "a message that names a folder", nothing, "asset_not_a_file", false},
  };
  const std::vector<std::pair<std::string, std::string>> names{
      {"line\nfeed.jpg", "a line feed in the name"},
      {"\x1b[31mred\x07.jpg", "terminal escapes in the name"},
      {"<script>.jpg", "markup in the name"},
      {"\xff\xfe not utf8.jpg", "a name that is no UTF-8"},
      {"\xe2\x80\xaegpj.exe.jpg", "a right-to-left override in the name"},
      {"caf\xc3\xa9.jpg", "an accent, composed"},
      {"-rf.jpg", "a name that looks like an option"},
      {" .jpg", "a blank for a name"},
      {"...jpg", "dots for a name"},
      {"%00.jpg", "a coded zero byte"},
      {"a\\b\"c'd$(id)`id`.jpg", "quotes and substitutions of a shell"},
      {std::string(251, 'n') + ".jpg", "a name of 255 bytes"},
  };
  for (const auto& [name, how] : names)
    table.push_back({name, how, named(name), "embedded"});
#ifdef __linux__ // macOS takes these for the names above
  table.push_back(
      {"cafe\xcc\x81.jpg", "an accent, in two characters", named("cafe\xcc\x81.jpg"), "embedded"});
  table.push_back({"upper.jpg", "a name that differs in capitals only", named("upper.jpg"), "embedded"});
#endif
  if (::geteuid() != 0)
    table.push_back({"denied.jpg", "a photo that this user may not read",
                     [photo](const fs::path& folder) {
                       fs::copy_file(photo, folder / "denied.jpg");
                       fs::permissions(folder / "denied.jpg", fs::perms::none);
                     },
                     "asset_denied"});
  return table;
}

} // namespace trainyard::testing
