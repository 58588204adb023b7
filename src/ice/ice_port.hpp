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
#include "ice/peer_addresses.hpp"

namespace voicecast {

/// The port of all peers with ICE lite: a UDP socket, and a passive TCP one (RFC 6544), on each local address. Its
/// thread receives all packets: it answers connectivity checks, which identify their session by USERNAME; other packets
/// belong to the sessions whose checks came from the same address. A sender without a valid password costs one
/// inspection per packet.
class IcePort {
 public:
  /// Opens the sockets. `addresses`: the addresses to use; empty: all of this host except loopback and link-local IPv6.
  /// `port` 0: a free one. An Error if the port is in use. A missing address is no error: addresses are reread for each
  /// peer.
  static Result<std::shared_ptr<IcePort>> open(const std::vector<std::string>& addresses, std::uint16_t port);
  /// Ends the thread. Remaining sessions get no further events.
  ~IcePort();
  IcePort(const IcePort&) = delete;

  /// The number of the port.
  std::uint16_t number() const { return sockets_.number(); }
  /// "candidate:…" for each current address, UDP before TCP. Any thread.
  std::vector<std::string> candidates();
  /// Accepts checks with this ufrag and password for the session; `credentials` is their serial number in the session.
  /// Those of an earlier number are accepted until the peer nominates with newer ones. Any thread.
  void expect(const std::string& ufrag, const std::string& pwd, unsigned credentials,
              std::shared_ptr<IceSession> session);
  /// Stops accepting checks with this ufrag. Any thread.
  void forget(const std::string& ufrag);

  /// The maximum of TCP connections without a valid check; a further one replaces the oldest.
  static constexpr std::size_t max_strangers = 64;
  static constexpr std::chrono::seconds stranger_limit{10};
  /// The maximum of TCP connections per session: a client opens one for each pair of addresses. A further one replaces
  /// one that was silent for IceSession::silence_of_a_moved_peer; otherwise it is closed.
  static constexpr std::size_t max_connections = 4;
  /// The maximum of TCP connections of all sessions. Further peers have to use UDP, which needs no descriptor.
  static constexpr std::size_t max_tcp_peers = 512;

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
  /// Pauses accepting until the next second.
  void rest(int socket, int problem);
  void read_tcp(int descriptor);
  void close_tcp(int descriptor);
  /// Whether one more connection may belong to this session, perhaps after closing another one.
  bool make_room(int descriptor, const std::shared_ptr<IceSession>& session);
  /// Answers a check; gives its session if it is valid, else null. `way` is the path to its sender.
  std::shared_ptr<IceSession> answer(std::span<const std::uint8_t> check, const IceAddress& from, IcePath::Way way,
                                     const std::function<void(std::span<const std::uint8_t>)>& send);
  void each_second(IceSession::Time now);
  /// Under the mutex.
  void look_for_addresses(IceSession::Time now);

  int epoll_ = -1, stop_ = -1;
  std::mutex mutex_;
  IceSockets sockets_;                                                              ///< under the mutex
  std::unordered_map<std::string, Expected, UfragHash, std::equal_to<>> expected_;  ///< under the mutex

  // Used by the thread only.
  IceChecks checks_;
  PeerAddresses addresses_;
  struct TcpPeer {
    std::shared_ptr<IceTcpLink> link;
    std::shared_ptr<IceSession> session;  ///< null before a valid check
    IceAddress from;
    IceSession::Time since, heard;
    bool is_refused = false;
  };
  std::map<int, TcpPeer> tcp_peers_;
  std::vector<int> resting_;  ///< sockets that pause accepting
  bool has_warned_ = false;   ///< about too few descriptors
  IceSession::Time next_second_{}, next_look_{};
  std::thread thread_;
};

}  // namespace voicecast
