// Subjects, streams and consumers spelled out once.
#include "messages/subjects.hpp"

#include <algorithm>
#include <cctype>

namespace trainyard {

namespace {

bool token_char(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
}

std::string join(std::initializer_list<std::string_view> parts) {
  std::string text;
  for (auto part : parts)
    text += (text.empty() ? "" : ".") + std::string(part);
  return text;
}

} // namespace

bool is_token(std::string_view text) noexcept {
  return !text.empty() && text.size() <= 64 && std::ranges::all_of(text, token_char);
}

std::string as_token(std::string_view text) {
  std::string token(text.substr(0, 64));
  std::ranges::replace_if(
      token, [](char c) { return !token_char(c); }, '-');
  return token.empty() ? "x" : token;
}

subjects::subjects(std::string prefix) : prefix_(std::move(prefix)), upper_(as_token(prefix_)) {
  std::ranges::transform(upper_, upper_.begin(),
                         [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
}

std::string subjects::work(std::string_view pool, int priority, std::string_view session, std::uint64_t batch,
                           std::uint32_t first, std::uint32_t images) const {
  return join({prefix_, "work", pool, std::to_string(priority), session, work_token(batch, first, images)});
}

std::string subjects::work_token(std::uint64_t batch, std::uint32_t first, std::uint32_t images) {
  auto token = std::to_string(batch);
  if (images != 0)
    token += "-" + std::to_string(first) + "-" + std::to_string(images);
  return token;
}

std::string subjects::work_of_pool(std::string_view pool, int priority) const {
  return join({prefix_, "work", pool, std::to_string(priority), ">"});
}

std::string subjects::work_consumer(std::string_view pool, int priority) const {
  return std::string(pool) + "_" + std::to_string(priority);
}

std::string subjects::embed(std::string_view model) const {
  if (model == "*")
    return join({prefix_, "embed", model});
  std::string name(model);
  if (const auto slash = name.find('/'); slash != name.npos)
    name.replace(slash, 1, "--");
  return join({prefix_, "embed", as_token(name)});
}

std::string subjects::results(std::string_view session, std::uint64_t batch) const {
  return join({prefix_, "results", session, std::to_string(batch)});
}

std::string subjects::results_of_session(std::string_view session) const {
  return join({prefix_, "results", session, ">"});
}

std::string subjects::results_consumer(std::string_view session, std::uint64_t epoch) const {
  return std::string(session) + "_e" + std::to_string(epoch);
}

std::string subjects::session_events(std::string_view session) const {
  return join({prefix_, "events", "session", session});
}

std::string subjects::node_events(std::string_view node) const {
  return join({prefix_, "events", "node", node});
}

std::string subjects::work_of_session(std::string_view session) const {
  return join({prefix_, "work.*.*", session, "*"});
}

std::string subjects::job(std::string_view session) const {
  return join({prefix_, "jobs", session});
}

std::string subjects::api(std::string_view verb, std::string_view session) const {
  return session.empty() ? join({prefix_, "api", verb}) : join({prefix_, "api", verb, session});
}

} // namespace trainyard
