// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

#include "base/result.hpp"
#include "ice/ice_check.hpp"
#include "ice/ice_session.hpp"
#include "ice/ice_sockets.hpp"
#include "ice/ice_tcp.hpp"

namespace voicecast {

/// The one port of all peers with ICE lite: a UDP socket, and a TCP one (RFC 6544, passive), on each local address. Its
/// thread takes what comes: checks are answered, and tell by their USERNAME whose they are; all else is the peer's
/// whose check came from the same address. Whoever knows no password costs a look at his packet and nothing else.
class IcePort {
 public:
  /// `addresses`: the only ones to use; empty: all of this host but loopback and IPv6's link-local ones. `port` 0: any
  /// that is free. An Error where the port is taken. That an address is not there (yet) is none: whatever addresses
  /// there are is looked at again for each peer.
  static Result<std::shared_ptr<IcePort>> open(const std::vector<std::string>& addresses, std::uint16_t port);
  /// Ends the thread. Sessions that are left hear nothing more.
  ~IcePort();
  IcePort(const IcePort&) = delete;

  /// The number of the port.
  std::uint16_t number() const { return sockets_.number(); }
  /// "candidate:…" for each address of now, UDP before TCP. Any thread.
  std::vector<std::string> candidates();
  /// From now on a check with this ufrag and password is the session's; `credentials` is their number in the session.
  /// Those of an earlier number count until the peer nominates with newer ones. Any thread.
  void expect(const std::string& ufrag, const std::string& pwd, unsigned credentials,
              std::shared_ptr<IceSession> session);
  /// The opposite, and what came for it is forgotten. Any thread.
  void forget(const std::string& ufrag);

  /// Connections by TCP that have sent no valid check; a further one takes the place of the oldest.
  static constexpr std::size_t max_strangers = 64;
  static constexpr std::chrono::seconds stranger_limit{10};
  /// Connections by TCP of one session: a client makes one for each pair of its addresses and ours. A further one takes
  /// the place of one that was silent for IceSession::silence_of_a_moved_peer, or is closed.
  static constexpr std::size_t max_connections = 4;
  /// Connections by TCP of all sessions. More have to come by UDP, which needs no descriptor.
  static constexpr std::size_t max_tcp_peers = 512;
  /// That one session has sent checks from and packets are taken from; a client with many interfaces has ten.
  static constexpr std::ptrdiff_t max_addresses = 32;

 private:
  struct Expected {
    std::string pwd;
    unsigned credentials = 0;
    std::shared_ptr<IceSession> session;
  };
  struct UfragHash : std::hash<std::string_view> {
    using is_transparent = void;
  };
  struct Batch;

  IcePort(std::vector<std::string> addresses, std::uint16_t port);
  void watch(int descriptor) const;
  void run();
  void read_udp(int socket, Batch& batch);
  void accept_tcp(int socket);
  /// Accepts nothing until the next second.
  void rest(int socket, int problem);
  void read_tcp(int descriptor);
  void close_tcp(int descriptor);
  /// Whether one more connection may be this session's, perhaps in another one's place.
  bool make_room(int descriptor, const std::shared_ptr<IceSession>& session);
  /// Gives the session that sent a valid check, or null; `way` makes the way to it.
  std::shared_ptr<IceSession> answer(std::span<const std::uint8_t> check, const IceAddress& from, IcePath::Way way,
                                     const std::function<void(std::span<const std::uint8_t>)>& send);
  void note(const IceAddress& from, std::shared_ptr<IceSession> session);
  void each_second(IceSession::Time now);
  /// Under the mutex.
  void look_for_addresses(IceSession::Time now);

  int epoll_ = -1, stop_ = -1;
  std::mutex mutex_;
  IceSockets sockets_;                                                              ///< under the mutex
  std::unordered_map<std::string, Expected, UfragHash, std::equal_to<>> expected_;  ///< under the mutex

  // The thread's own.
  IceChecks checks_;
  std::unordered_map<IceAddress, std::shared_ptr<IceSession>, IceAddressHash> sessions_;  ///< by where they come from
  struct TcpPeer {
    std::shared_ptr<IceTcpLink> link;
    std::shared_ptr<IceSession> session;  ///< null: a stranger
    IceAddress from;
    IceSession::Time since, heard;
    bool is_refused = false;
  };
  std::map<int, TcpPeer> tcp_peers_;
  std::vector<int> resting_;  ///< sockets
  bool has_warned_ = false;   ///< of too few descriptors
  IceSession::Time next_second_{}, next_look_{};
  std::thread thread_;
};

}  // namespace voicecast
