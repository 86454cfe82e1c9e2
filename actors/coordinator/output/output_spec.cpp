// spec.json: written once for people to read, compared field by field.
#include "actors/coordinator/output/output_spec.hpp"

#include <set>

#include "actors/disk/durable_file.hpp"
#include "messages/json_codec.hpp"

namespace trainyard {

namespace {

using json = nlohmann::ordered_json;

json json_of(const output_spec& spec) {
  auto more = json::object();
  for (const auto& [name, value] : spec.more)
    more[printable_utf8(name)] = printable_utf8(value);
  return {{"schema", 1},
          {"session_id", printable_utf8(spec.session_id)},
          {"directory", printable_utf8(spec.directory)},
          {"model", printable_utf8(spec.model)},
          {"space_id", printable_utf8(spec.space_id)},
          {"dim", spec.dim},
          {"dtype", spec.dtype},
          {"precision", printable_utf8(spec.precision)},
          {"batch_size", spec.batch_size},
          {"shard_rows", spec.shard_rows},
          {"more", std::move(more)}};
}

std::string text_of(const json& object, const std::string& name) {
  const auto found = object.find(name);
  return found == object.end() ? "not set" : found->dump();
}

/// Fails at the first name of `wanted`, then of `found`, whose values differ.
result<void> match(const std::filesystem::path& file, const json& found, const json& wanted) {
  for (const auto* names : {&wanted, &found})
    for (const auto& [name, value] : names->items()) {
      if (name == "session_id" || name == "more" || text_of(found, name) == text_of(wanted, name))
        continue;
      return fail(failure_kind::output_mismatch,
                  file.parent_path().parent_path().string() + " belongs to another session: its " + name +
                      " is " + text_of(found, name) + ", this one's is " + text_of(wanted, name),
                  "give another --out, or run with the settings that this folder was made with");
    }
  return {};
}

result<json> read_spec(const std::filesystem::path& file) {
  const auto text = read_file(file);
  if (!text)
    return tl::unexpected(text.error());
  auto found = json::parse(*text, nullptr, /*allow_exceptions=*/false);
  if (found.is_object() && found.contains("session_id") && found["session_id"].is_string() &&
      found.contains("more") && found["more"].is_object())
    return found;
  return fail(failure_kind::output_corrupt, file.string() + " is not the description of an output folder",
              "restore it from a copy, or give another --out");
}

} // namespace

result<void> check_spec(const output_spec& spec) {
  const auto refuse = [](const std::string& what) {
    return fail(failure_kind::config_invalid, "output: " + what, "correct the setting");
  };
  if (spec.dim == 0)
    return refuse("dim is 0");
  if (spec.dtype != "fp16" && spec.dtype != "fp32")
    return refuse("dtype is '" + printable_utf8(spec.dtype) + "', known are fp16 and fp32");
  if (spec.shard_rows == 0)
    return refuse("shard_rows is 0");
  std::set<std::string> names;
  for (const auto& [name, value] : spec.more)
    if (!names.insert(printable_utf8(name)).second)
      return refuse("'" + printable_utf8(name) + "' twice in the identity");
  return {};
}

result<output_spec> write_or_match_spec(const std::filesystem::path& file, output_spec spec) {
  const auto wanted = json_of(spec);
  std::error_code ignored;
  if (!std::filesystem::exists(file, ignored)) {
    if (spec.session_id.empty())
      return fail(failure_kind::config_invalid, "output: a new folder needs a session id", "give one");
    return replace_file(file, wanted.dump(2) + "\n").map([&] { return std::move(spec); });
  }
  const auto found = read_spec(file);
  if (!found)
    return tl::unexpected(found.error());
  return match(file, *found, wanted)
      .and_then([&] { return match(file, found->at("more"), wanted.at("more")); })
      .map([&] {
        spec.session_id = found->at("session_id").get<std::string>();
        return std::move(spec);
      });
}

} // namespace trainyard
