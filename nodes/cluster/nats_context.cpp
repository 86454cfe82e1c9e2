// The file's fields by name.
#include "nodes/cluster/nats_context.hpp"

#include <array>
#include <fstream>

#include <nlohmann/json.hpp>

#include "messages/json_codec.hpp"

namespace trainyard {
namespace {

constexpr std::size_t largest_file_bytes = 64 * 1024;

struct known_field {
  const char* name;
  std::string nats_context::*member;
  bool is_path = false;
};

constexpr std::array fields{known_field{"url", &nats_context::url},
                            known_field{"user", &nats_context::user},
                            known_field{"password", &nats_context::password},
                            known_field{"token", &nats_context::token},
                            known_field{"creds", &nats_context::credentials_file, true},
                            known_field{"nkey", &nats_context::nkey_seed_file, true},
                            known_field{"cert", &nats_context::tls_certificate_file, true},
                            known_field{"key", &nats_context::tls_key_file, true},
                            known_field{"ca", &nats_context::tls_ca_file, true},
                            known_field{"jetstream_domain", &nats_context::domain},
                            known_field{"jetstream_api_prefix", &nats_context::api_prefix},
                            known_field{"inbox_prefix", &nats_context::inbox_prefix}};

std::string value_of(const environment& variables, std::string_view name) {
  const auto found = variables.find(name);
  return found == variables.end() ? "" : found->second;
}

/// A name is one file in the folder and nothing above it.
bool is_file_name(const std::string& name) {
  return !name.empty() && !name.starts_with('.') &&
         name.find_first_of(std::string_view("/\\\0", 3)) == name.npos;
}

tl::unexpected<failure> wrong(const std::string& name, const std::string& why) {
  return fail(failure_kind::config_invalid, "the nats context '" + name + "' " + why,
              "`nats context ls` lists the contexts; `nats context edit` corrects one");
}

std::optional<std::string> text_of_file(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::string text(largest_file_bytes + 1, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(in.gcount()));
  if (text.empty() || text.size() > largest_file_bytes)
    return std::nullopt;
  return text;
}

} // namespace

std::optional<std::filesystem::path> nats_context_folder(const environment& variables) {
  if (const auto xdg = value_of(variables, "XDG_CONFIG_HOME"); xdg.starts_with('/'))
    return std::filesystem::path(xdg) / "nats/context";
  const auto home = value_of(variables, "HOME");
  if (home.empty())
    return std::nullopt;
  return std::filesystem::path(home) / ".config/nats/context";
}

result<nats_context> read_nats_context(const std::string& name, const environment& variables) {
  const auto folder = nats_context_folder(variables);
  if (!is_file_name(name) || !folder)
    return wrong(name,
                 folder ? "has a name that no context can have" : "cannot be looked for without a HOME");
  const auto file = *folder / (name + ".json");
  const auto text = text_of_file(file);
  if (!text)
    return wrong(name, "is not to be read at " + file.string());
  const auto parsed = parse_json_limited(*text);
  if (!parsed) // the parser's own words quote the file, which holds a password
    return wrong(name, "is no JSON object: " + file.string());
  nats_context context;
  for (const auto& each : fields) {
    const auto found = parsed->find(each.name);
    if (found == parsed->end() || found->is_null())
      continue;
    if (!found->is_string())
      return wrong(name, "has a field '" + std::string(each.name) + "' that is no text: " + file.string());
    auto value = found->get<std::string>();
    if (const auto home = value_of(variables, "HOME");
        each.is_path && value.starts_with("~/") && !home.empty())
      value.replace(0, 1, home);
    context.*each.member = std::move(value);
  }
  return context;
}

} // namespace trainyard
