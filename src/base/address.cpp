// SPDX-License-Identifier: MIT
#include "base/address.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <utility>

#include "base/text.hpp"

namespace voicecast {
namespace {

constexpr std::size_t v4_size = 4, v6_size = 16;

AddressRange range(std::string_view text) { return *parse_address_range(text); }

bool begins_with(const AddressBytes& address, const AddressRange& range) {
  if (address.size() != range.bytes.size()) return false;
  for (unsigned bit = 0; bit < range.bits; ++bit)
    if ((address[bit / 8] ^ range.bytes[bit / 8]) & (0x80 >> bit % 8)) return false;
  return true;
}

}  // namespace

std::optional<AddressBytes> parse_address(std::string_view text) {
  const std::string copy(text);
  AddressBytes bytes(text.find(':') == text.npos ? v4_size : v6_size);
  const int family = bytes.size() == v4_size ? AF_INET : AF_INET6;
  // inet_pton() accepts the strict forms only, but stops at a NUL.
  if (text.find('\0') != text.npos || inet_pton(family, copy.c_str(), bytes.data()) != 1) return std::nullopt;
  return bytes;
}

std::string address_text(const AddressBytes& address) {
  if (address.size() != v4_size && address.size() != v6_size) return "?";
  std::array<char, INET6_ADDRSTRLEN> text{};
  inet_ntop(address.size() == v4_size ? AF_INET : AF_INET6, address.data(), text.data(), text.size());
  return text.data();
}

AddressBytes without_mapping(const AddressBytes& address) {
  static const AddressRange mapped = range("::ffff:0.0.0.0/96");
  return begins_with(address, mapped) ? AddressBytes(address.end() - v4_size, address.end()) : address;
}

std::optional<AddressRange> parse_address_range(std::string_view text) {
  const auto slash = text.find('/');
  auto bytes = parse_address(text.substr(0, slash));
  if (!bytes) return std::nullopt;
  const auto all_bits = static_cast<unsigned>(bytes->size() * 8);
  if (slash == text.npos) return AddressRange{std::move(*bytes), all_bits};
  const auto bits = parse_number<unsigned>(text.substr(slash + 1));
  if (!bits || *bits > all_bits) return std::nullopt;
  return AddressRange{std::move(*bytes), *bits};
}

bool is_in(const AddressBytes& address, const AddressRange& range) {
  return begins_with(without_mapping(address), range);
}

bool is_lan_address(const AddressBytes& address) {
  static const std::array lan = {
      range("127.0.0.0/8"),    range("10.0.0.0/8"), range("172.16.0.0/12"), range("192.168.0.0/16"),
      range("169.254.0.0/16"), range("::1/128"),    range("fc00::/7"),      range("fe80::/10"),
  };
  return std::any_of(lan.begin(), lan.end(), [&](const AddressRange& range) { return is_in(address, range); });
}

}  // namespace voicecast
