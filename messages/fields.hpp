// One list of fields per wire struct; both codings are derived from it, so they cannot drift apart.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

namespace trainyard {

/// Raw bytes: `bin` in msgpack, base64 text in JSON.
struct blob {
  std::vector<std::byte> bytes;
  bool operator==(const blob&) const = default;
};

enum class presence { required, optional };

template <class Struct, class Value>
struct field {
  std::string_view name;
  Value Struct::*member;
  presence need;
};

template <class Struct, class Value>
constexpr field<Struct, Value> required(std::string_view name, Value Struct::*member) {
  return {name, member, presence::required};
}

/// A field that may be missing; the struct's own default then stands.
template <class Struct, class Value>
constexpr field<Struct, Value> optional(std::string_view name, Value Struct::*member) {
  return {name, member, presence::optional};
}

/// A wire struct is one with `static constexpr auto fields()`, a tuple of field<>.
template <class T>
concept wire_struct = requires {
  T::fields();
};

template <wire_struct T, class Visit>
constexpr void for_each_field(Visit&& visit) {
  std::apply([&](const auto&... each) { (visit(each), ...); }, T::fields());
}

} // namespace trainyard
