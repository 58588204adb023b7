// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/result.hpp"

namespace voicecast {

/// The sockets of an IcePort: on each local address a UDP socket and a listening TCP socket, all with one port number.
/// One thread at a time.
class IceSockets {
 public:
  using Time = std::chrono::steady_clock::time_point;
  /// Gives the current addresses to use, the most useful first.
  using Look = std::function<std::vector<std::string>()>;

  /// `port` 0: a free one. Calls `on_opened` with each new socket.
  IceSockets(Look look, std::uint16_t port, std::function<void(int)> on_opened);
  ~IceSockets();
  IceSockets(const IceSockets&) = delete;

  /// Opens sockets on the current addresses that have none, and gives the new errors; ErrorCode::busy: the port is in
  /// use.
  std::vector<Error> open_missing(Time now);
  /// Closes the sockets of addresses that have been missing for gone_limit. On the thread that reads them.
  void close_gone(Time now);
  /// The port number; set with the first socket.
  std::uint16_t number() const { return number_; }
  /// "candidate:…" for each address of the last open_missing(), UDP before TCP, the most useful address first and with
  /// the highest priority.
  std::vector<std::string> candidates() const;
  bool has_udp(int socket) const;
  bool has_tcp(int socket) const;

  /// An interface may come back; after this time nobody sends to the socket, because consent expires within seconds.
  static constexpr std::chrono::minutes gone_limit{5};

 private:
  /// The sockets of one local address.
  struct Pair {
    int udp = -1, tcp = -1;
    void close() const;
    std::optional<Time> gone_since = {};  ///< set while the host lacks the address
  };
  Result<Pair> open_at(const std::string& address);

  const Look look_;
  std::uint16_t number_;
  std::function<void(int)> on_opened_;
  std::map<std::string, Pair> pairs_;  ///< by address
  std::vector<std::string> wanted_;    ///< the addresses of the last open_missing()
  std::set<std::string> missing_;      ///< addresses with a reported error
};

/// Gives `chosen`, the operator's addresses, in that order; if empty, all of this host except loopback and link-local
/// IPv6, in useful order.
IceSockets::Look wanted_addresses(std::vector<std::string> chosen);

}  // namespace voicecast
