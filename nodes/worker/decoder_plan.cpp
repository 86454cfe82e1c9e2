// Looks for the decoder's program beside our own.
#include "nodes/worker/decoder_plan.hpp"

#include <system_error>

#include <unistd.h>

#include "nodes/program_path.hpp"

namespace trainyard {
namespace {

namespace fs = std::filesystem;

bool is_program(const fs::path& file) {
  std::error_code error;
  return fs::is_regular_file(file, error) && ::access(file.c_str(), X_OK) == 0;
}

result<fs::path> find_decoder(const settings& from) {
  constexpr const char* name = "trainyard-decode";
  const auto folder = program_path().parent_path();
  std::vector<fs::path> places{folder / name, folder / "../libexec/trainyard" / name};
  if (!from.is_auto("paths.decoder"))
    places = {fs::absolute(from.path("paths.decoder"))};
  std::string looked;
  for (const auto& each : places) {
    if (is_program(each))
      return each;
    looked += (looked.empty() ? "" : " nor ") + each.lexically_normal().string();
  }
  return fail(failure_kind::decoder_unavailable, "the decoder is not at " + looked + ", or is no program",
              "build the target trainyard, which makes it too, or give --decoder PATH");
}

} // namespace

result<std::optional<decoder_settings>> plan_decoders(const settings& from) {
  if (!from.boolean("device.decode_isolation"))
    return std::nullopt;
  auto program = find_decoder(from);
  if (!program)
    return tl::unexpected(program.error());
  return decoder_settings{std::move(*program), from.duration("device.decode_time_limit"),
                          static_cast<std::uint64_t>(from.integer("device.decode_memory_limit")) << 20U};
}

} // namespace trainyard
