// SPDX-License-Identifier: MIT
#include "ice/ice_sockets.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <nice/interfaces.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <optional>
#include <utility>

#include "access/local_addresses.hpp"
#include "base/address.hpp"

namespace voicecast {
namespace {

/// The kernel's receive buffer while the thread is delayed: a second of a thousand peers. The kernel limits it to
/// net.core.rmem_max unless the process may force it.
constexpr int receive_buffer_bytes = 2 * 1024 * 1024;

struct BoundAddress {
  sockaddr_storage storage{};
  socklen_t size = 0;
};

std::optional<BoundAddress> parse(const std::string& text, std::uint16_t port) {
  BoundAddress address;
  auto* v4 = reinterpret_cast<sockaddr_in*>(&address.storage);
  auto* v6 = reinterpret_cast<sockaddr_in6*>(&address.storage);
  if (inet_pton(AF_INET, text.c_str(), &v4->sin_addr) == 1) {
    v4->sin_family = AF_INET;
    v4->sin_port = htons(port);
    address.size = sizeof *v4;
  } else if (inet_pton(AF_INET6, text.c_str(), &v6->sin6_addr) == 1) {
    v6->sin6_family = AF_INET6;
    v6->sin6_port = htons(port);
    address.size = sizeof *v6;
  } else {
    return std::nullopt;
  }
  return address;
}

/// The local addresses that a peer can reach: libnice knows the relevant interfaces. Excludes link-local IPv6
/// addresses, which need a zone that a candidate cannot carry.
std::vector<std::string> host_addresses() {
  std::set<std::string> leading_out;
  GList* list = nice_interfaces_get_local_ips(FALSE);
  for (const auto* item = list; item; item = item->next)
    if (const auto address = parse_address(static_cast<const char*>(item->data)))  // skips addresses with a zone
      leading_out.insert(address_text(*address));
  g_list_free_full(list, g_free);
  auto addresses = local_addresses();
  std::erase_if(addresses, [&](const std::string& address) { return !leading_out.contains(address); });
  return addresses;
}

int bound_socket(int type, const BoundAddress& address) {
  const int socket = ::socket(address.storage.ss_family, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (socket < 0) return -1;
  const int yes = 1;
  if (address.storage.ss_family == AF_INET6) setsockopt(socket, IPPROTO_IPV6, IPV6_V6ONLY, &yes, sizeof yes);
  // After a restart the port has connections of the previous process in TIME_WAIT.
  if (type == SOCK_STREAM) setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  if (bind(socket, reinterpret_cast<const sockaddr*>(&address.storage), address.size) == 0) return socket;
  const int problem = errno;
  close(socket);
  errno = problem;
  return -1;
}

std::uint16_t port_of(int socket) {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size);
  return ntohs(reinterpret_cast<const sockaddr_in*>(&address)->sin_port);
}

}  // namespace

IceSockets::Look wanted_addresses(std::vector<std::string> chosen) {
  if (chosen.empty()) return host_addresses;
  return [chosen = std::move(chosen)] { return chosen; };
}

IceSockets::IceSockets(Look look, std::uint16_t port, std::function<void(int)> on_opened)
    : look_(std::move(look)), number_(port), on_opened_(std::move(on_opened)) {}

IceSockets::~IceSockets() {
  for (const auto& [address, sockets] : pairs_) sockets.close();
}

void IceSockets::Pair::close() const {
  ::close(udp);
  ::close(tcp);
}

Result<IceSockets::Pair> IceSockets::open_at(const std::string& address) {
  const auto failed = [&](const char* protocol) {
    return Error{errno == EADDRINUSE ? ErrorCode::busy : ErrorCode::failed,
                 std::string(protocol) + " at " + address + ": " + std::strerror(errno)};
  };
  auto where = parse(address, number_);
  if (!where) return Error{ErrorCode::failed, address + " is not an IP address"};
  Pair sockets;
  sockets.udp = bound_socket(SOCK_DGRAM, *where);
  if (sockets.udp < 0) return failed("UDP");
  const auto number = port_of(sockets.udp);
  where = parse(address, number);
  sockets.tcp = bound_socket(SOCK_STREAM, *where);
  if (sockets.tcp < 0 || listen(sockets.tcp, SOMAXCONN) != 0) {
    auto error = failed("TCP");
    close(sockets.udp);
    if (sockets.tcp >= 0) close(sockets.tcp);
    return error;
  }
  if (!number_) number_ = number;  // other threads may read it already
  if (setsockopt(sockets.udp, SOL_SOCKET, SO_RCVBUFFORCE, &receive_buffer_bytes, sizeof receive_buffer_bytes) != 0)
    setsockopt(sockets.udp, SOL_SOCKET, SO_RCVBUF, &receive_buffer_bytes, sizeof receive_buffer_bytes);
  on_opened_(sockets.udp);
  on_opened_(sockets.tcp);
  return sockets;
}

std::vector<Error> IceSockets::open_missing(Time now) {
  wanted_ = look_();
  for (auto& [address, sockets] : pairs_) {
    const bool is_present = std::ranges::find(wanted_, address) != wanted_.end();
    if (is_present)
      sockets.gone_since.reset();
    else if (!sockets.gone_since)
      sockets.gone_since = now;
  }
  std::vector<Error> errors;
  for (const auto& address : wanted_) {
    if (pairs_.contains(address)) continue;
    const auto opened = open_at(address);
    if (opened) {
      pairs_.emplace(address, *opened);
      missing_.erase(address);
    } else if (missing_.insert(address).second) {
      errors.push_back(opened.error());
    }
  }
  return errors;
}

void IceSockets::close_gone(Time now) {
  std::erase_if(pairs_, [now](const auto& one) {
    const auto& sockets = one.second;
    const bool is_over = sockets.gone_since && now - *sockets.gone_since >= gone_limit;
    if (is_over) sockets.close();
    return is_over;
  });
}

std::vector<std::string> IceSockets::candidates() const {
  // RFC 8445 §5.1.2.1 and RFC 6544 §4.2: type, local preference, component 1; passive TCP ranks below UDP. The highest
  // preference is reserved for the mapped candidate of a NAT.
  constexpr unsigned host = 126, host_by_tcp = 90, passive = 2;
  std::vector<std::string> texts;
  for (const bool is_tcp : {false, true}) {
    unsigned index = 0;
    for (const auto& address : wanted_) {
      if (!pairs_.contains(address)) continue;
      ++index;
      const auto preference = is_tcp ? (passive << 13) + 8191 - index : 65535 - index;
      const auto priority = ((is_tcp ? host_by_tcp : host) << 24) + (preference << 8) + 255;
      texts.push_back("candidate:" + std::to_string(is_tcp ? 100 + index : index) + " 1 " + (is_tcp ? "TCP " : "UDP ") +
                      std::to_string(priority) + " " + address + " " + std::to_string(number_) + " typ host" +
                      (is_tcp ? " tcptype passive" : ""));
    }
  }
  return texts;
}

bool IceSockets::has_udp(int socket) const {
  return std::ranges::any_of(pairs_, [&](const auto& one) { return one.second.udp == socket; });
}

bool IceSockets::has_tcp(int socket) const {
  return std::ranges::any_of(pairs_, [&](const auto& one) { return one.second.tcp == socket; });
}

}  // namespace voicecast
