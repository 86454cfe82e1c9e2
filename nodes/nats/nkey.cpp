// An NKey is an Ed25519 key in base 32: a byte or two of kind, the key, a CRC of 16 bits.
#include "nodes/nats/nkey.hpp"

#include <array>
#include <cstdint>
#include <fstream>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include <openssl/crypto.h>
#include <openssl/evp.h>

namespace trainyard {
namespace {

constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
constexpr std::size_t seed_letters = 58;
constexpr std::size_t key_bytes = 32;
using octets = std::vector<std::uint8_t>;

/// CRC-16/XMODEM.
std::uint16_t checksum(std::span<const std::uint8_t> data) {
  unsigned crc = 0;
  for (const auto byte : data) {
    crc ^= static_cast<unsigned>(byte) << 8U;
    for (int bit = 0; bit < 8; ++bit)
      crc = (crc & 0x8000U) != 0 ? (crc << 1U) ^ 0x1021U : crc << 1U;
  }
  return static_cast<std::uint16_t>(crc);
}

std::optional<octets> from_base32(std::string_view text) {
  octets out;
  unsigned held = 0;
  unsigned bits = 0;
  for (const char each : text) {
    const auto value = alphabet.find(each);
    if (value == std::string_view::npos)
      return std::nullopt;
    held = (held << 5U | static_cast<unsigned>(value)) & 0xFFFFU;
    bits += 5;
    if (bits >= 8) {
      bits -= 8;
      out.push_back(static_cast<std::uint8_t>(held >> bits));
    }
  }
  return out;
}

std::string to_base32(std::span<const std::uint8_t> data) {
  std::string out;
  unsigned held = 0;
  unsigned bits = 0;
  for (const auto byte : data) {
    held = (held << 8U | byte) & 0xFFFFU;
    bits += 8;
    for (; bits >= 5; bits -= 5)
      out += alphabet[held >> (bits - 5) & 31U];
  }
  if (bits > 0)
    out += alphabet[held << (5 - bits) & 31U];
  return out;
}

/// The first line of the file that looks like a seed.
std::string seed_in(const std::filesystem::path& file) {
  std::ifstream in(file);
  for (std::string line; std::getline(in, line);) {
    const auto begin = line.find_first_not_of(" \t\r");
    const auto end = line.find_last_not_of(" \t\r");
    if (begin != line.npos && line[begin] == 'S' && end + 1 - begin == seed_letters)
      return line.substr(begin, seed_letters);
  }
  return "";
}

std::optional<octets> public_key_of(std::span<const std::uint8_t> secret) {
  const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key(
      EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, secret.data(), secret.size()), EVP_PKEY_free);
  octets out(key_bytes);
  std::size_t length = out.size();
  if (!key || EVP_PKEY_get_raw_public_key(key.get(), out.data(), &length) != 1 || length != key_bytes)
    return std::nullopt;
  return out;
}

std::optional<std::string> derive(std::string_view seed) {
  auto raw = from_base32(seed);
  constexpr std::size_t whole = 2 + key_bytes + 2;
  if (!raw || raw->size() != whole)
    return std::nullopt;
  const auto body = std::span(*raw).first(whole - 2);
  const auto sum = static_cast<std::uint16_t>((*raw)[whole - 2] | (*raw)[whole - 1] << 8U);
  std::optional<std::string> text;
  if (checksum(body) == sum) {
    octets out{static_cast<std::uint8_t>((body[0] & 7U) << 5U | body[1] >> 3U)}; // 'U' of a user
    if (const auto key = public_key_of(body.subspan(2)))
      out.insert(out.end(), key->begin(), key->end());
    const auto own_sum = checksum(out);
    out.push_back(static_cast<std::uint8_t>(own_sum & 0xFFU));
    out.push_back(static_cast<std::uint8_t>(own_sum >> 8U));
    if (out.size() == 1 + key_bytes + 2)
      text = to_base32(out);
  }
  OPENSSL_cleanse(raw->data(), raw->size());
  return text;
}

} // namespace

result<std::string> public_nkey_of(const std::filesystem::path& seed_file) {
  auto seed = seed_in(seed_file);
  if (auto key = seed.empty() ? std::nullopt : derive(seed)) {
    OPENSSL_cleanse(seed.data(), seed.size());
    return std::move(*key);
  }
  return fail(failure_kind::config_invalid, "there is no seed of an NKey in '" + seed_file.string() + "'",
              "give the file that holds the line beginning with SU");
}

} // namespace trainyard
