// What is set wins over the context, and the context over the defaults; a login is taken from one of them
// whole, as half of each would be nobody's.
#include "nodes/cluster/connection_settings.hpp"

#include <algorithm>

#include "config/list_value.hpp"
#include "nodes/cluster/nats_context.hpp"
#include "nodes/nats/nkey.hpp"

namespace trainyard {
namespace {

/// Tokens between dots, without wildcards: what may begin a subject.
bool is_subject_prefix(std::string_view text) {
  const bool plain =
      std::ranges::all_of(text, [](unsigned char c) { return c > ' ' && c < 0x7f && c != '*' && c != '>'; });
  return plain && !text.empty() && !text.starts_with('.') && !text.ends_with('.') &&
         text.find("..") == std::string_view::npos;
}

class connection_reader {
public:
  connection_reader(const settings& from, const environment& variables)
      : from_(from), variables_(variables) {}

  result<cluster_connection> read(const std::string& role) {
    options_.name = role;
    read_context();
    take_servers();
    take_login();
    take_tls();
    take_prefixes();
    if (!mistakes_.empty())
      return tl::unexpected(all_mistakes());
    return cluster_connection{options_, subjects(from_.text("nats.prefix"))};
  }

private:
  void read_context() {
    const auto& name = from_.text("nats.context");
    if (name.empty())
      return;
    auto context = read_nats_context(name, variables_);
    if (context)
      context_ = std::move(*context);
    else
      mistakes_.push_back(context.error().cause);
  }

  /// The setting where somebody gave one, else what the context has.
  std::string given(std::string_view key, const std::string& in_context) const {
    const auto& text = from_.text(key);
    return text.empty() ? in_context : text;
  }

  void take_servers() {
    const bool by_context = !from_.is_given("nats.url") && !context_.url.empty();
    options_.urls = by_context ? items_of(context_.url) : from_.list("nats.url");
    for (const auto& each : options_.urls)
      if (each.find_first_of(" \t") != each.npos || each.ends_with("://") || each.starts_with("://"))
        mistakes_.push_back("nats.url is '" + without_login(each) + "', not a url like nats://HOST:4222");
  }

  void take_login() {
    std::vector<std::string> kinds;
    for (const auto* key : {"nats.user", "nats.token", "nats.credentials", "nats.nkey"})
      if (!from_.text(key).empty())
        kinds.emplace_back(key);
    if (kinds.size() > 1)
      mistakes_.push_back(kinds[0] + " and " + kinds[1] + " are two logins, where one can be used");
    options_.password = from_.text("nats.password");
    if (!kinds.empty())
      take_own_login();
    else
      take_login_of_context();
    if (!options_.password.empty() && options_.user.empty())
      mistakes_.emplace_back("nats.password is set without nats.user");
    if (!options_.nkey_seed_file.empty())
      take_public_key();
  }

  void take_own_login() {
    options_.user = from_.text("nats.user");
    options_.token = from_.text("nats.token");
    options_.credentials_file = from_.text("nats.credentials");
    options_.nkey_seed_file = from_.text("nats.nkey");
    if (!options_.user.empty() && options_.user == context_.user && options_.password.empty())
      options_.password = context_.password;
  }

  /// In the order in which the `nats` program looks at them.
  void take_login_of_context() {
    if (!context_.user.empty()) {
      options_.user = context_.user;
      options_.password = options_.password.empty() ? context_.password : options_.password;
    } else if (!context_.credentials_file.empty()) {
      options_.credentials_file = context_.credentials_file;
    } else if (!context_.nkey_seed_file.empty()) {
      options_.nkey_seed_file = context_.nkey_seed_file;
    } else {
      options_.token = context_.token;
    }
  }

  void take_public_key() {
    options_.nkey_public = from_.text("nats.nkey_public");
    if (!options_.nkey_public.empty())
      return;
    auto derived = public_nkey_of(options_.nkey_seed_file);
    if (derived)
      options_.nkey_public = std::move(*derived);
    else
      mistakes_.push_back(derived.error().cause);
  }

  void take_tls() {
    options_.tls = from_.boolean("nats.tls");
    options_.tls_ca_file = given("nats.tls_ca", context_.tls_ca_file);
    const bool own = !from_.text("nats.tls_cert").empty() || !from_.text("nats.tls_key").empty();
    options_.tls_certificate_file = own ? from_.text("nats.tls_cert") : context_.tls_certificate_file;
    options_.tls_key_file = own ? from_.text("nats.tls_key") : context_.tls_key_file;
    if (options_.tls_certificate_file.empty() != options_.tls_key_file.empty())
      mistakes_.emplace_back("nats.tls_cert and nats.tls_key belong together, but only one of them is set");
  }

  void take_prefixes() {
    const bool own_domain = !from_.text("nats.domain").empty();
    const auto domain = given("nats.domain", context_.domain);
    if (!own_domain && !context_.api_prefix.empty()) {
      options_.api_prefix = context_.api_prefix;
      check_prefix("the context's jetstream_api_prefix", options_.api_prefix);
    } else if (!domain.empty() && !is_token(domain)) {
      mistakes_.push_back("nats.domain is '" + domain + "', not the name of a JetStream domain");
    } else if (!domain.empty()) {
      options_.api_prefix = "$JS." + domain + ".API";
    }
    if (from_.is_given("nats.inbox_prefix") || context_.inbox_prefix.empty())
      options_.inbox_prefix = from_.text("nats.inbox_prefix");
    else
      options_.inbox_prefix = context_.inbox_prefix;
    check_prefix("nats.prefix", from_.text("nats.prefix"));
    check_prefix("nats.inbox_prefix", options_.inbox_prefix);
  }

  void check_prefix(const std::string& key, const std::string& text) {
    if (!is_subject_prefix(text))
      mistakes_.push_back(key + " is '" + text + "', not the beginning of a subject");
  }

  failure all_mistakes() const {
    auto cause = mistakes_.size() == 1
                     ? mistakes_.front()
                     : std::to_string(mistakes_.size()) + " mistakes in the settings of the NATS connection";
    for (std::size_t i = 0; mistakes_.size() > 1 && i < mistakes_.size(); ++i)
      cause += "\n" + mistakes_[i];
    return {failure_kind::config_invalid, std::move(cause),
            "correct them; `trainyard config show --origin` shows where each value comes from"};
  }

  const settings& from_;
  const environment& variables_;
  nats_context context_;
  connection_options options_;
  std::vector<std::string> mistakes_;
};

} // namespace

result<cluster_connection> connection_settings(const settings& from, const std::string& role,
                                               const environment& variables) {
  return connection_reader(from, variables).read(role);
}

} // namespace trainyard
