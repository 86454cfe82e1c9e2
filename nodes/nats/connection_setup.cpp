// nats.c's options and callbacks. Its defaults give up after 60 tries, notice a dead server after four
// minutes and buffer 8 MB meanwhile; ours do none of that.
#include <algorithm>
#include <filesystem>

#include "nodes/nats/connection_state.hpp"

namespace trainyard {

namespace {

using watch_box = std::shared_ptr<connection_watch>;

void tell(const connection_watch& watch, connection_event event) noexcept {
  if (watch.sink)
    watch.sink(event);
}

void on_disconnected(natsConnection*, void* box) {
  auto& watch = **static_cast<watch_box*>(box);
  ++watch.incarnation;
  tell(watch, connection_event::disconnected);
}

void on_reconnected(natsConnection*, void* box) {
  tell(**static_cast<watch_box*>(box), connection_event::connected);
}

void on_closed(natsConnection*, void* box) {
  const std::unique_ptr<watch_box> last(static_cast<watch_box*>(box));
  auto& watch = **last;
  tell(watch, connection_event::closed);
  const std::lock_guard lock(watch.mutex);
  watch.closed = true;
  watch.changed.notify_all();
}

void on_complaint(natsConnection*, natsSubscription*, natsStatus status, void* box) {
  const char* text = nats_GetLastError(nullptr);
  auto& watch = **static_cast<watch_box*>(box);
  const std::lock_guard lock(watch.mutex);
  watch.complaint = text && *text ? text : natsStatus_GetText(status);
}

std::string safe_url_of(const std::string& url) {
  const auto scheme = url.find("://");
  const auto begin = scheme == std::string::npos ? 0 : scheme + 3;
  const auto at = url.rfind('@');
  return at == std::string::npos || at < begin ? url : url.substr(0, begin) + url.substr(at + 1);
}

/// Applies one setting after the other until one fails.
class setter {
public:
  explicit setter(natsOptions* options) : options_(options) {}
  template <class Set, class... Value>
  void operator()(const char* what, Set&& set, Value... value) {
    if (status_ != NATS_OK)
      return;
    what_ = what;
    status_ = set(options_, value...);
  }
  [[nodiscard]] natsStatus status() const { return status_; }
  [[nodiscard]] const char* what() const { return what_; }

private:
  natsOptions* options_;
  natsStatus status_ = NATS_OK;
  const char* what_ = "";
};

void set_servers(setter& set, const connection_options& from) {
  std::vector<const char*> urls;
  for (const auto& each : from.urls)
    urls.push_back(each.c_str());
  set("nats.url", natsOptions_SetServers, urls.data(), static_cast<int>(urls.size()));
  set("name", natsOptions_SetName, from.name.c_str());
}

void set_patience(setter& set, const connection_options& from) {
  set("connect_timeout", natsOptions_SetTimeout, from.connect_timeout.count());
  set("max_reconnect", natsOptions_SetMaxReconnect, -1);
  set("reconnect_wait", natsOptions_SetReconnectWait, from.reconnect_wait.count());
  set("reconnect_jitter", natsOptions_SetReconnectJitter, from.reconnect_wait.count(),
      from.reconnect_wait.count());
  set("ping_interval", natsOptions_SetPingInterval, from.ping_interval.count());
  set("max_pings_out", natsOptions_SetMaxPingsOut, 2);
  set("write_deadline", natsOptions_SetWriteDeadline, from.write_deadline.count());
  set("reconnect_buffer", natsOptions_SetReconnectBufSize, 0); // see connection's comment
  set("fail_requests", natsOptions_SetFailRequestsOnDisconnect, true);
  set("send_asap", natsOptions_SetSendAsap, true); // nats.c's flusher waits a millisecond otherwise
  set("delivery", natsOptions_UseGlobalMessageDelivery, true);
}

void set_login(setter& set, const connection_options& from) {
  if (!from.token.empty())
    set("nats.token", natsOptions_SetToken, from.token.c_str());
  if (!from.user.empty())
    set("nats.user", natsOptions_SetUserInfo, from.user.c_str(), from.password.c_str());
  if (!from.credentials_file.empty())
    set("nats.credentials", natsOptions_SetUserCredentialsFromFiles, from.credentials_file.c_str(), nullptr);
  if (!from.nkey_seed_file.empty())
    set("nats.nkey", natsOptions_SetNKeyFromSeed, from.nkey_public.c_str(), from.nkey_seed_file.c_str());
}

void set_tls(setter& set, const connection_options& from) {
  if (from.tls || !from.tls_ca_file.empty() || !from.tls_certificate_file.empty())
    set("nats.tls", natsOptions_SetSecure, true);
  if (!from.tls_ca_file.empty())
    set("nats.tls_ca", natsOptions_LoadCATrustedCertificates, from.tls_ca_file.c_str());
  if (!from.tls_certificate_file.empty())
    set("nats.tls_certificate", natsOptions_LoadCertificatesChain, from.tls_certificate_file.c_str(),
        from.tls_key_file.c_str());
}

void set_callbacks(setter& set, watch_box* watch) {
  set("callback", natsOptions_SetDisconnectedCB, on_disconnected, watch);
  set("callback", natsOptions_SetReconnectedCB, on_reconnected, watch);
  set("callback", natsOptions_SetClosedCB, on_closed, watch);
  set("callback", natsOptions_SetErrorHandler, on_complaint, watch);
}

} // namespace

std::string safe_urls(const std::vector<std::string>& urls) {
  std::string all;
  for (const auto& each : urls)
    all += (all.empty() ? "" : ",") + safe_url_of(each);
  return all;
}

result<nats_options> make_nats_options(const connection_options& from, const std::string& safe_url,
                                       watch_box* watch) {
  for (const auto& file :
       {from.credentials_file, from.nkey_seed_file, from.tls_ca_file, from.tls_certificate_file})
    if (std::error_code ignored; !file.empty() && !std::filesystem::exists(file, ignored))
      return fail(failure_kind::config_invalid, "there is no file '" + file + "'",
                  "correct the settings of the NATS connection");
  if (from.urls.empty())
    return fail(failure_kind::config_invalid, "no NATS url is given", "give one");
  natsOptions* raw = nullptr;
  if (const auto status = natsOptions_Create(&raw); status != NATS_OK)
    return fail(failure_kind::internal, std::string("nats.c: ") + natsStatus_GetText(status));
  nats_options options(raw, natsOptions_Destroy);
  setter set(raw);
  set_servers(set, from);
  set_patience(set, from);
  set_login(set, from);
  set_tls(set, from);
  set_callbacks(set, watch);
  if (set.status() == NATS_OK)
    return options;
  return fail(failure_kind::config_invalid,
              std::string(set.what()) + " for " + safe_url + ": " + natsStatus_GetText(set.status()),
              "correct the settings of the NATS connection");
}

tl::unexpected<failure> connect_failure(natsStatus status, const connection_options& options,
                                        const std::string& safe_url) {
  const std::string text = safe_url + ": " + natsStatus_GetText(status);
  if (status == NATS_CONNECTION_AUTH_FAILED || status == NATS_NOT_PERMITTED)
    return fail(failure_kind::nats_denied, text,
                options.token.empty() && options.user.empty() && options.credentials_file.empty()
                    ? "the server wants a login: a token, a user or credentials"
                    : "check the login");
  if (status == NATS_INVALID_ARG || status == NATS_ADDRESS_MISSING)
    return fail(failure_kind::config_invalid, text, "a url looks like nats://HOST:4222");
  if (status == NATS_SSL_ERROR || status == NATS_SECURE_CONNECTION_REQUIRED ||
      status == NATS_SECURE_CONNECTION_WANTED)
    return fail(failure_kind::nats_unreachable, text, "check the TLS settings");
  return fail(failure_kind::nats_unreachable, text,
              "start nats-server with JetStream there, or correct the url");
}

} // namespace trainyard
