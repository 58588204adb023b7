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

/// The sockets of an IcePort: a UDP one and a TCP one that listens on each local address, all on one port. One thread
/// at a time.
class IceSockets {
 public:
  using Time = std::chrono::steady_clock::time_point;
  /// Gives the addresses to use now, the most useful first.
  using Look = std::function<std::vector<std::string>()>;

  /// `port` 0: any that is free. `on_opened` is told each socket.
  IceSockets(Look look, std::uint16_t port, std::function<void(int)> on_opened);
  ~IceSockets();
  IceSockets(const IceSockets&) = delete;

  /// Opens those of the addresses that are there now and are not open, and gives what is newly wrong; ErrorCode::busy:
  /// the port is taken.
  std::vector<Error> open_missing(Time now);
  /// Closes the sockets of addresses that have not been there for gone_limit. On the thread that reads them.
  void close_gone(Time now);
  /// Of the port, from the first socket on.
  std::uint16_t number() const { return number_; }
  /// "candidate:…" for each address that was there when last looked for, UDP before TCP, the most useful address first
  /// and with the highest priority.
  std::vector<std::string> candidates() const;
  bool has_udp(int socket) const;
  bool has_tcp(int socket) const;

  /// An interface may come back; and by then nobody sends by the socket any more, for consent ends within seconds.
  static constexpr std::chrono::minutes gone_limit{5};

 private:
  /// Of one local address.
  struct Pair {
    int udp = -1, tcp = -1;
    void close() const;
    std::optional<Time> gone_since = {};  ///< the host does not have the address now
  };
  Result<Pair> open_at(const std::string& address);

  const Look look_;
  std::uint16_t number_;
  std::function<void(int)> on_opened_;
  std::map<std::string, Pair> pairs_;  ///< by address
  std::vector<std::string> wanted_;    ///< the addresses when last looked for
  std::set<std::string> missing_;      ///< could not be opened
};

/// The addresses that the operator chose, in that order; of none all of this host but loopback and IPv6's link-local
/// ones, in useful order.
IceSockets::Look wanted_addresses(std::vector<std::string> chosen);

}  // namespace voicecast
