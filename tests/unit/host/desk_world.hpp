// A request desk on real folders and a registry in memory.
#pragma once

#include "actors/coordinator/host/request_desk.hpp"
#include "messages/codec.hpp"
#include "tests/support/fake_registry.hpp"
#include "tests/unit/host/intake_world.hpp"

namespace trainyard::testing {

struct desk_world : intake_world {
  std::shared_ptr<fake_store> store = std::make_shared<fake_store>();
  fake_registry registry{store};
  session_book book{registry};
  fleet_view fleet;
  std::optional<session_intake> intake;
  std::optional<request_desk> desk;

  void SetUp() override {
    intake_world::SetUp();
    intake.emplace(rules());
    desk.emplace(
        book, fleet, *intake, [] { return std::string("2026-01-01T00:00:00Z"); },
        [] { return std::string("fresh"); });
  }
  static std::vector<std::byte> bytes(std::string_view text) {
    const auto raw = std::as_bytes(std::span(text));
    return {raw.begin(), raw.end()};
  }
  std::vector<std::byte> ask(const std::string& verb, const std::string& session = "",
                             std::vector<std::byte> payload = {}) {
    return desk->answer({verb, session, "reply", std::move(payload)});
  }
  /// The code of a refusal; empty where it was none.
  static std::string refusal_in(const std::vector<std::byte>& answer) {
    const auto refused = decode<error_reply>(answer);
    return refused ? refused->error.code : "";
  }
  std::string submitted(const session_spec& asked) {
    const auto answer = ask("submit", "", to_msgpack(asked));
    const auto made = decode<submit_reply>(answer);
    return made ? made->session_id : refusal_in(answer);
  }
  [[nodiscard]] static session_spec job(const std::string& session, const std::string& directory = "2024") {
    auto asked = spec(directory);
    asked.session_id = session;
    return asked;
  }
};

} // namespace trainyard::testing
