// Client commands against a real nats-server, and in the coordinator's place a small responder.
#pragma once

#include <csignal>
#include <functional>
#include <map>

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include "config/load.hpp"
#include "nodes/client/client_command.hpp"
#include "nodes/nats/inbox.hpp"
#include "tests/integration/nats/nats_world.hpp"

namespace trainyard::testing {

using ::testing::HasSubstr;
using ::testing::Not;

/// Answers PREFIX.api.>; what `answer` gives is the reply's text, nothing is silence.
class responder {
public:
  struct request {
    std::string verb;
    std::string session;
    std::string payload;
  };
  using answer = std::function<std::optional<std::string>(const request&)>;

  responder(std::shared_ptr<connection> link, answer give, const subjects& names = subjects())
      : link_(std::move(link)), give_(std::move(give)), base_(names.all_api().size() - 1),
        serving_(*link_->subscribe(
            names.all_api(), [this](nats_message message) { on(message); }, names.coordinators())) {
    EXPECT_TRUE(link_->flush(5s));
  }

  [[nodiscard]] std::vector<request> seen() const {
    const std::lock_guard lock(mutex_);
    return seen_;
  }

private:
  void on(const nats_message& message) {
    const auto rest = message.subject.substr(base_);
    const auto dot = rest.find('.');
    const request asked{rest.substr(0, dot), dot == rest.npos ? "" : rest.substr(dot + 1),
                        std::string(text_of(message.payload))};
    {
      const std::lock_guard lock(mutex_);
      seen_.push_back(asked);
    }
    if (const auto text = give_(asked))
      (void)link_->publish(message.reply, bytes_of(*text));
  }

  std::shared_ptr<connection> link_;
  answer give_;
  std::size_t base_;
  mutable std::mutex mutex_;
  std::vector<request> seen_;
  subscription serving_; ///< last: it uses the others
};

inline std::string refusal_text(const char* code, const char* message) {
  return nlohmann::json{{"schema", 1}, {"error", {{"code", code}, {"message", message}, {"remedy", "do"}}}}
      .dump();
}

struct client_world : nats_world {
  struct ran {
    int status = -1;
    std::string out;
    std::string err;
  };
  using options_given = std::map<std::string, std::string, std::less<>>;

  [[nodiscard]] settings settings_with(options_given flags) const {
    flags.emplace("run.progress", "plain");
    environment variables{{"TRAINYARD_NATS_TOKEN", server->token()}};
    flags.emplace("nats.url", server->url());
    auto loaded = load_settings({.flags = std::move(flags), .variables = std::move(variables)});
    EXPECT_TRUE(loaded) << loaded.error().cause;
    return *loaded;
  }
  [[nodiscard]] ran run(std::string_view command, std::vector<std::string> positionals = {},
                        options_given flags = {}) const {
    const auto with = settings_with(std::move(flags));
    ::testing::internal::CaptureStdout();
    ::testing::internal::CaptureStderr();
    ran did;
    did.status = client_command(command, positionals, with);
    did.out = ::testing::internal::GetCapturedStdout();
    did.err = ::testing::internal::GetCapturedStderr();
    return did;
  }
  /// The stream that a coordinator would have made.
  void make_jobs_stream() const {
    const subjects names;
    const auto box = *inbox::open(connect());
    const auto made = box->call_api("STREAM.CREATE." + names.jobs_stream(), {{"name", names.jobs_stream()},
                                                                             {"subjects", {names.all_jobs()}},
                                                                             {"retention", "workqueue"},
                                                                             {"storage", "file"}});
    ASSERT_TRUE(made) << made.error().cause;
  }
  [[nodiscard]] std::uint64_t jobs_stored() const {
    const auto box = *inbox::open(connect());
    const auto info = box->call_api("STREAM.INFO." + subjects().jobs_stream(), nlohmann::json());
    return info ? (*info)["state"]["messages"].get<std::uint64_t>() : 0;
  }
};

} // namespace trainyard::testing
