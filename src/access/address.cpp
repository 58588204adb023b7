#include "access/address.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <array>

namespace voicecast {
namespace {

constexpr std::size_t v4_size = 4, v6_size = 16;

struct Prefix {
  AddressBytes bytes;
  unsigned bits;
};

Prefix prefix(std::string_view address, unsigned bits) { return {*parse_address(address), bits}; }

bool is_in(const AddressBytes& address, const Prefix& prefix) {
  if (address.size() != prefix.bytes.size()) return false;
  for (unsigned bit = 0; bit < prefix.bits; ++bit)
    if ((address[bit / 8] ^ prefix.bytes[bit / 8]) & (0x80 >> bit % 8)) return false;
  return true;
}

}  // namespace

std::optional<AddressBytes> parse_address(std::string_view text) {
  const std::string copy(text);
  AddressBytes bytes(text.find(':') == text.npos ? v4_size : v6_size);
  const int family = bytes.size() == v4_size ? AF_INET : AF_INET6;
  // inet_pton() knows the strict forms only; it would stop at a NUL.
  if (text.find('\0') != text.npos || inet_pton(family, copy.c_str(), bytes.data()) != 1) return std::nullopt;
  return bytes;
}

std::string address_text(const AddressBytes& address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  inet_ntop(address.size() == v4_size ? AF_INET : AF_INET6, address.data(), text.data(), text.size());
  return text.data();
}

bool is_lan_address(const AddressBytes& address) {
  static const Prefix mapped = prefix("::ffff:0.0.0.0", 96);
  static const std::array lan = {
      prefix("127.0.0.0", 8),    prefix("10.0.0.0", 8), prefix("172.16.0.0", 12), prefix("192.168.0.0", 16),
      prefix("169.254.0.0", 16), prefix("::1", 128),    prefix("fc00::", 7),      prefix("fe80::", 10),
  };
  if (is_in(address, mapped)) return is_lan_address({address.end() - v4_size, address.end()});
  return std::any_of(lan.begin(), lan.end(), [&](const Prefix& prefix) { return is_in(address, prefix); });
}

}  // namespace voicecast
