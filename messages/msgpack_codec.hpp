// msgpack <-> wire structs: a map from field name to value, unpacked under hard limits.
#pragma once

#include <concepts>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <msgpack.hpp>

#include "messages/failure.hpp"
#include "messages/fields.hpp"

namespace trainyard {

/// Five bytes can ask an unlimited unpacker for 96 GiB, so every unpack passes these.
struct unpack_limits {
  static constexpr std::size_t array = 65'536;
  static constexpr std::size_t map = 64;
  static constexpr std::size_t text = 64 * 1024;
  static constexpr std::size_t binary = 16 * 1024 * 1024;
  static constexpr std::size_t depth = 16;
};

/// Parses one msgpack value that fills `payload` exactly. The handle owns what it points to.
[[nodiscard]] result<msgpack::object_handle> unpack_limited(std::span<const std::byte> payload);

namespace msgpack_detail {

using packer = msgpack::packer<msgpack::sbuffer>;

template <class T>
void put(packer& out, const T& value);
template <class T>
void put(packer& out, const std::vector<T>& list) {
  out.pack_array(static_cast<std::uint32_t>(list.size()));
  for (const auto& each : list)
    put(out, each);
}
template <class T>
void put(packer& out, const std::optional<T>& maybe) {
  maybe ? put(out, *maybe) : void(out.pack_nil());
}
inline void put(packer& out, const blob& raw) {
  out.pack_bin(static_cast<std::uint32_t>(raw.bytes.size()));
  out.pack_bin_body(reinterpret_cast<const char*>(raw.bytes.data()),
                    static_cast<std::uint32_t>(raw.bytes.size()));
}
template <class T>
void put(packer& out, const T& value) {
  if constexpr (wire_struct<T>) {
    out.pack_map(static_cast<std::uint32_t>(std::tuple_size_v<decltype(T::fields())>));
    for_each_field<T>([&](const auto& each) {
      out.pack_str(static_cast<std::uint32_t>(each.name.size()));
      out.pack_str_body(each.name.data(), static_cast<std::uint32_t>(each.name.size()));
      put(out, value.*each.member);
    });
  } else {
    out.pack(value);
  }
}

/// Each `get` returns false when the object's type or range does not fit `value`.
template <class T>
bool get(const msgpack::object& from, T& value, std::string& where);
template <class T>
bool get(const msgpack::object& from, std::vector<T>& list, std::string& where) {
  if (from.type != msgpack::type::ARRAY)
    return false;
  list.resize(from.via.array.size);
  for (std::size_t i = 0; i < list.size(); ++i)
    if (!get(from.via.array.ptr[i], list[i], where))
      return false;
  return true;
}
template <class T>
bool get(const msgpack::object& from, std::optional<T>& maybe, std::string& where) {
  if (from.type == msgpack::type::NIL)
    return maybe.reset(), true;
  return get(from, maybe.emplace(), where);
}
template <class T>
bool get_scalar(const msgpack::object& from, T& value) {
  using msgpack::type::object_type;
  if constexpr (std::same_as<T, bool>) {
    value = from.via.boolean;
    return from.type == object_type::BOOLEAN;
  } else if constexpr (std::floating_point<T>) {
    if (from.type == object_type::POSITIVE_INTEGER)
      return value = static_cast<T>(from.via.u64), true;
    value = static_cast<T>(from.via.f64);
    return from.type == object_type::FLOAT64 || from.type == object_type::FLOAT32;
  } else if constexpr (std::same_as<T, std::string>) {
    if (from.type != object_type::STR)
      return false;
    return value.assign(from.via.str.ptr, from.via.str.size), true;
  } else if constexpr (std::same_as<T, blob>) {
    if (from.type != object_type::BIN)
      return false;
    const auto* begin = reinterpret_cast<const std::byte*>(from.via.bin.ptr);
    return value.bytes.assign(begin, begin + from.via.bin.size), true;
  } else {
    static_assert(std::integral<T>);
    if (from.type == object_type::POSITIVE_INTEGER) {
      value = static_cast<T>(from.via.u64);
      return std::in_range<T>(from.via.u64);
    }
    value = static_cast<T>(from.via.i64);
    return from.type == object_type::NEGATIVE_INTEGER && std::in_range<T>(from.via.i64);
  }
}
inline const msgpack::object* find(const msgpack::object& map, std::string_view name, bool& doubled) {
  const msgpack::object* found = nullptr;
  for (std::uint32_t i = 0; i < map.via.map.size; ++i) {
    const auto& key = map.via.map.ptr[i].key;
    if (key.type == msgpack::type::STR && std::string_view(key.via.str.ptr, key.via.str.size) == name) {
      doubled = doubled || found;
      found = &map.via.map.ptr[i].val;
    }
  }
  return found;
}
template <class T>
bool get(const msgpack::object& from, T& value, std::string& where) {
  if constexpr (wire_struct<T>) {
    if (from.type != msgpack::type::MAP)
      return false;
    bool good = true;
    for_each_field<T>([&](const auto& each) {
      bool doubled = false;
      const auto* found = good ? find(from, each.name, doubled) : nullptr;
      if (!good || (!found && each.need == presence::optional))
        return;
      if (!found || doubled || !get(*found, value.*each.member, where)) {
        good = false;
        where = where.empty() ? std::string(each.name) : std::string(each.name) + "." + where;
      }
    });
    return good;
  } else {
    return get_scalar(from, value);
  }
}

} // namespace msgpack_detail

template <wire_struct T>
[[nodiscard]] std::vector<std::byte> to_msgpack(const T& value) {
  msgpack::sbuffer buffer;
  msgpack_detail::packer out(buffer);
  msgpack_detail::put(out, value);
  const auto* begin = reinterpret_cast<const std::byte*>(buffer.data());
  return {begin, begin + buffer.size()};
}

template <wire_struct T>
[[nodiscard]] result<T> from_msgpack(std::span<const std::byte> payload) {
  auto handle = unpack_limited(payload);
  if (!handle)
    return tl::unexpected(handle.error());
  T value;
  std::string where;
  if (!msgpack_detail::get(handle->get(), value, where))
    return fail(failure_kind::message_invalid,
                where.empty() ? "the message is not a map of fields"
                              : "field '" + where + "' is missing, doubled or of another type");
  return value;
}

} // namespace trainyard
