// SPDX-License-Identifier: MIT
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "base/address.hpp"
#include "doctor/port_check.hpp"
#include "doctor/running_server.hpp"

namespace voicecast {
namespace {

struct Where {
  sockaddr_storage address{};
  socklen_t size = 0;
};

/// `address`: empty for every interface, IPv6 and IPv4.
Where where(const std::string& address, std::uint16_t port) {
  Where where;
  const auto bytes = parse_address(address.empty() ? "::" : address);
  if (bytes && bytes->size() == sizeof(in_addr)) {
    auto* v4 = reinterpret_cast<sockaddr_in*>(&where.address);
    v4->sin_family = AF_INET;
    v4->sin_port = htons(port);
    std::memcpy(&v4->sin_addr, bytes->data(), bytes->size());
    where.size = sizeof *v4;
  } else if (bytes) {
    auto* v6 = reinterpret_cast<sockaddr_in6*>(&where.address);
    v6->sin6_family = AF_INET6;
    v6->sin6_port = htons(port);
    std::memcpy(&v6->sin6_addr, bytes->data(), bytes->size());
    where.size = sizeof *v6;
  }
  return where;
}

/// Binds a socket; returns the errno, or 0.
int try_to_bind(const std::string& address, std::uint16_t port, int type) {
  const auto there = where(address, port);
  const int fd = socket(there.address.ss_family, type | SOCK_CLOEXEC, 0);
  if (fd < 0) return errno;
  // // As the server does: connections of a stopped server in TIME_WAIT do not block the port. Not for UDP, where the
  // option permits two sockets on one port.
  const int yes = 1, no = 0;
  if (type == SOCK_STREAM) setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  if (there.address.ss_family == AF_INET6) setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &no, sizeof no);
  const int error = bind(fd, reinterpret_cast<const sockaddr*>(&there.address), there.size) == 0 ? 0 : errno;
  close(fd);
  return error;
}

/// For every interface: falls back to IPv4 on a machine without IPv6.
int try_port(const std::string& address, std::uint16_t port, int type) {
  const int error = try_to_bind(address, port, type);
  const bool has_no_v6 = error == EAFNOSUPPORT || error == EADDRNOTAVAIL;
  return address.empty() && has_no_v6 ? try_to_bind("0.0.0.0", port, type) : error;
}

/// Skips sockets of systemd: a connection would start the service.
bool may_be_asked(const std::optional<PortOwner>& owner) {
  if (!owner) return true;
  return owner->pid == 0 ? owner->user_id != 0 : !is_systemd(*owner);
}

TcpPort look_at(const std::string& bind, const char* option, std::uint16_t port, bool is_tls) {
  TcpPort found{option, port, try_port(bind, port, SOCK_STREAM), std::nullopt, {}};
  if (found.error != EADDRINUSE) return found;
  found.owner = owner_of(port);
  if (may_be_asked(found.owner)) found.running_version = running_version(bind, port, is_tls).value_or("");
  return found;
}

/// The ICE port: TCP and UDP on each address. It belongs to a running voicecast if another port does.
TcpPort look_at_ice_port(std::uint16_t port, const std::vector<std::string>& addresses,
                         const std::vector<TcpPort>& others) {
  TcpPort found{"--ice-port", port, 0, std::nullopt, {}};
  for (const auto& address : addresses)
    for (const int type : {SOCK_STREAM, SOCK_DGRAM})
      if (found.error == 0) found.error = try_port(address, port, type);
  if (found.error != EADDRINUSE) return found;
  found.owner = owner_of(port);
  for (const auto& other : others)
    if (found.owner && other.owner && other.owner->pid == found.owner->pid)
      found.running_version = other.running_version;
  return found;
}

/// A port is free if it is free on all addresses.
UdpPorts look_at_udp(const PortRange& range, const std::vector<std::string>& addresses) {
  UdpPorts ports{range, 0, 0};
  for (unsigned port = range.min; port <= range.max; ++port) {
    int error = 0;
    for (const auto& address : addresses)
      if (error == 0) error = try_port(address, static_cast<std::uint16_t>(port), SOCK_DGRAM);
    if (error == 0)
      ++ports.free;
    else
      ports.error = error;
  }
  return ports;
}

}  // namespace

PortFacts look_at_ports(const Config& config, const std::vector<std::string>& candidates) {
  PortFacts facts{config.bind, {}, std::nullopt, static_cast<unsigned>(candidates.size())};
  facts.tcp.push_back(look_at(config.bind, "--port", config.port, false));
  facts.tcp.push_back(look_at(config.bind, "--audio-port", config.audio_port, false));
  if (config.tls != TlsMode::off) facts.tcp.push_back(look_at(config.bind, "--tls-port", config.tls_port, true));
  if (config.ice == IceMode::lite && !candidates.empty())
    facts.tcp.push_back(look_at_ice_port(config.ice_port, candidates, facts.tcp));
  const auto& range = config.ice_config.ports;
  if (range && !candidates.empty()) facts.udp = look_at_udp(*range, candidates);
  return facts;
}

}  // namespace voicecast
