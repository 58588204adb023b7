#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "glib/result.hpp"

namespace voicecast {

/// The sockets of an IcePort: a UDP one and a TCP one that listens on each local address, all on one port. One thread
/// at a time.
class IceSockets {
 public:
  /// `addresses`: the only ones to use; empty: all of this host but loopback and IPv6's link-local ones. `port` 0: any
  /// that is free. `on_opened` is told each socket.
  IceSockets(std::vector<std::string> addresses, std::uint16_t port, std::function<void(int)> on_opened);
  ~IceSockets();
  IceSockets(const IceSockets&) = delete;

  /// Opens those of the addresses that are there now and are not open, and gives what is newly wrong; ErrorCode::busy:
  /// the port is taken.
  std::vector<Error> open_missing();
  /// Of the port, from the first socket on.
  std::uint16_t number() const { return number_; }
  /// "candidate:…" for each address that was there when last looked for, UDP before TCP.
  std::vector<std::string> candidates() const;
  bool has_udp(int socket) const;
  bool has_tcp(int socket) const;

 private:
  /// Of one local address.
  struct Pair {
    int udp = -1, tcp = -1;
    bool is_present = true;  ///< the host has the address now
  };
  Result<Pair> open_at(const std::string& address);

  const std::vector<std::string> addresses_;
  std::uint16_t number_;
  std::function<void(int)> on_opened_;
  std::map<std::string, Pair> pairs_;
  std::set<std::string> missing_;  ///< could not be opened
};

}  // namespace voicecast
