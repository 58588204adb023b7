// SPDX-License-Identifier: MIT
#include "ice/ice_port.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include "base/log.hpp"
#include "rtp/packet_drops.hpp"
#include "rtp/packet_kind.hpp"

namespace voicecast {
namespace {

using namespace std::chrono_literals;

/// The receive buffer in bytes: larger than max_packet_bytes, so that oversized packets are recognised.
constexpr std::size_t packet_bytes = 4096;

/// A port that is free on one address may be in use on another: the number of ports to try.
constexpr int tries = 16;

void warn(const Error& error) { log_warning("WebRTC is not available at an address: " + error.message); }

/// Whether accept() failed for lack of resources (accept(2)); other errors concern one connection only.
bool is_shortage(int problem) {
  return problem == EMFILE || problem == ENFILE || problem == ENOBUFS || problem == ENOMEM;
}

}  // namespace

/// The buffers of recvmmsg().
struct IcePort::Batch {
  static constexpr std::size_t size = 32;
  std::array<std::array<std::uint8_t, packet_bytes>, size> packets;
  std::array<sockaddr_storage, size> from;
  std::array<iovec, size> parts;
  std::array<mmsghdr, size> messages;

  void prepare() {
    for (std::size_t i = 0; i < size; ++i) {
      parts[i] = {packets[i].data(), packet_bytes};
      messages[i] = {};
      messages[i].msg_hdr.msg_name = &from[i];
      messages[i].msg_hdr.msg_namelen = sizeof from[i];
      messages[i].msg_hdr.msg_iov = &parts[i];
      messages[i].msg_hdr.msg_iovlen = 1;
    }
  }
};

Result<std::shared_ptr<IcePort>> IcePort::open(const std::vector<std::string>& addresses, std::uint16_t port) {
  Error taken;
  for (int i = 0; i < (port ? 1 : tries); ++i) {
    std::shared_ptr<IcePort> made(new IcePort(addresses, port));
    const auto errors = made->sockets_.open_missing(std::chrono::steady_clock::now());
    const auto busy = std::ranges::find(errors, ErrorCode::busy, &Error::code);
    if (busy != errors.end()) {
      taken = *busy;
      continue;
    }
    for (const auto& error : errors) warn(error);
    made->thread_ = std::thread([ice_port = made.get()] { ice_port->run(); });
    return made;
  }
  return taken;
}

IcePort::IcePort(std::vector<std::string> addresses, std::uint16_t port)
    : epoll_(epoll_create1(EPOLL_CLOEXEC)),
      stop_(eventfd(0, EFD_CLOEXEC)),
      sockets_(wanted_addresses(std::move(addresses)), port, [this](int socket) { watch(socket); }) {
  watch(stop_);
}

IcePort::~IcePort() {
  if (thread_.joinable()) {
    const std::uint64_t one = 1;
    static_cast<void>(write(stop_, &one, sizeof one));
    thread_.join();
  }
  close(stop_);
  close(epoll_);
}

void IcePort::watch(int descriptor) const {
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.fd = descriptor;
  epoll_ctl(epoll_, EPOLL_CTL_ADD, descriptor, &event);
}

std::vector<std::string> IcePort::candidates() {
  const std::lock_guard lock(mutex_);
  for (const auto& error : sockets_.open_missing(std::chrono::steady_clock::now())) warn(error);
  return sockets_.candidates();
}

void IcePort::expect(const std::string& ufrag, const std::string& pwd, unsigned credentials,
                     std::shared_ptr<IceSession> session) {
  const std::lock_guard lock(mutex_);
  expected_[ufrag] = {pwd, credentials, std::move(session)};
}

void IcePort::forget(const std::string& ufrag) {
  const std::lock_guard lock(mutex_);
  expected_.erase(ufrag);
}

void IcePort::run() {
  const auto batch = std::make_unique<Batch>();
  std::array<epoll_event, 32> events{};
  while (true) {
    const int count = epoll_wait(epoll_, events.data(), events.size(), 1000);
    const auto now = std::chrono::steady_clock::now();
    for (int i = 0; i < count; ++i) {
      const int descriptor = events[static_cast<std::size_t>(i)].data.fd;
      if (descriptor == stop_) return;
      if (tcp_peers_.contains(descriptor)) {
        read_tcp(descriptor);
        continue;
      }
      // A connection may have been closed in this iteration, and its descriptor reused.
      bool is_tcp = false, is_udp = false;
      {
        const std::lock_guard lock(mutex_);
        is_tcp = sockets_.has_tcp(descriptor);
        is_udp = sockets_.has_udp(descriptor);
      }
      if (is_tcp) accept_tcp(descriptor);
      if (is_udp) read_udp(descriptor, *batch);
    }
    if (now >= next_second_) each_second(now);
  }
}

std::shared_ptr<IceSession> IcePort::answer(std::span<const std::uint8_t> check, const IceAddress& from,
                                            IcePath::Way way,
                                            const std::function<void(std::span<const std::uint8_t>)>& send) {
  std::array<std::uint8_t, IceChecks::max_answer_bytes> bytes{};
  const Expected* meant = nullptr;
  std::unique_lock lock(mutex_);
  const auto password_of = [this, &meant](std::string_view ufrag) -> const std::string* {
    const auto found = expected_.find(ufrag);
    if (found == expected_.end()) return nullptr;
    meant = &found->second;
    return &meant->pwd;
  };
  const auto verdict = checks_.judge(check, from.address, from.size, password_of, bytes);
  const auto session = verdict.is_valid ? meant->session : nullptr;
  const auto credentials = verdict.is_valid ? meant->credentials : 0U;
  lock.unlock();
  if (session && !make_room(from.socket, session)) return nullptr;
  if (verdict.answer_bytes > 0) send({bytes.data(), verdict.answer_bytes});
  if (!session) return nullptr;
  session->on_check(from, std::move(way), credentials, verdict.nominates, verdict.priority,
                    std::chrono::steady_clock::now());
  return session;
}

void IcePort::read_udp(int socket, Batch& batch) {
  batch.prepare();
  const int count = recvmmsg(socket, batch.messages.data(), Batch::size, MSG_DONTWAIT, nullptr);
  for (std::size_t i = 0; i < static_cast<std::size_t>(std::max(count, 0)); ++i) {
    const std::span packet(batch.packets[i].data(), batch.messages[i].msg_len);
    const auto kind = kind_of(packet);
    if (kind == PacketKind::malformed) {
      PacketDrops::add(DropReason::malformed);
      continue;
    }
    const IceAddress from{socket, batch.from[i], batch.messages[i].msg_hdr.msg_namelen};
    if (kind != PacketKind::stun) {
      if (!addresses_.deliver(from, packet)) PacketDrops::add(DropReason::stranger);
      continue;
    }
    const auto session = answer(packet, from, UdpPath{socket, from.address, from.size}, [&](auto bytes) {
      sendto(socket, bytes.data(), bytes.size(), MSG_DONTWAIT, reinterpret_cast<const sockaddr*>(&from.address),
             from.size);
    });
    if (session) addresses_.note(from, session);
  }
}

void IcePort::accept_tcp(int socket) {
  IceAddress from{socket, {}, sizeof(sockaddr_storage)};
  const int accepted =
      accept4(socket, reinterpret_cast<sockaddr*>(&from.address), &from.size, SOCK_NONBLOCK | SOCK_CLOEXEC);
  if (accepted < 0) {
    if (is_shortage(errno)) rest(socket, errno);
    return;
  }
  const int yes = 1;
  setsockopt(accepted, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  const auto is_stranger = [](const auto& peer) { return !peer.second.session; };
  if (static_cast<std::size_t>(std::ranges::count_if(tcp_peers_, is_stranger)) >= max_strangers) {
    const auto is_older = [&](const auto& a, const auto& b) {
      return is_stranger(a) != is_stranger(b) ? is_stranger(a) : a.second.since < b.second.since;
    };
    close_tcp(std::ranges::min_element(tcp_peers_, is_older)->first);
  }
  from.socket = accepted;
  const auto now = std::chrono::steady_clock::now();
  tcp_peers_[accepted] = {std::make_shared<IceTcpLink>(accepted), nullptr, from, now, now};
  watch(accepted);
}

/// Pauses accepting: without resources the waiting connection would wake the thread again at once. This may last, so it
/// is logged once.
void IcePort::rest(int socket, int problem) {
  epoll_ctl(epoll_, EPOLL_CTL_DEL, socket, nullptr);
  resting_.push_back(socket);
  if (std::exchange(has_warned_, true)) return;
  const auto* advice = problem == EMFILE ? " (raise the service's LimitNOFILE= and [limits] descriptors)" : "";
  log_warning(std::string("cannot accept WebRTC by TCP (UDP still works): ") + std::strerror(problem) + advice);
}

void IcePort::close_tcp(int descriptor) {
  epoll_ctl(epoll_, EPOLL_CTL_DEL, descriptor, nullptr);
  tcp_peers_.erase(descriptor);
}

bool IcePort::make_room(int descriptor, const std::shared_ptr<IceSession>& session) {
  const auto own = tcp_peers_.find(descriptor);
  if (own == tcp_peers_.end() || own->second.session == session) return true;  // UDP, or already counted
  const auto is_of_it = [&](const auto& one) { return one.second.session == session; };
  const auto is_of_any = [](const auto& one) { return one.second.session != nullptr; };
  if (static_cast<std::size_t>(std::ranges::count_if(tcp_peers_, is_of_it)) < max_connections) {
    own->second.is_refused = static_cast<std::size_t>(std::ranges::count_if(tcp_peers_, is_of_any)) >= max_tcp_peers;
    return !own->second.is_refused;
  }
  const auto is_left = [&](const auto& one) {
    return is_of_it(one) && own->second.heard - one.second.heard > IceSession::silence_of_a_moved_peer;
  };
  const auto left = std::ranges::find_if(tcp_peers_, is_left);
  own->second.is_refused = left == tcp_peers_.end();
  if (!own->second.is_refused) close_tcp(left->first);
  return !own->second.is_refused;
}

void IcePort::read_tcp(int descriptor) {
  auto& peer = tcp_peers_[descriptor];
  peer.heard = std::chrono::steady_clock::now();
  const auto on_packet = [&](std::span<const std::uint8_t> packet) {
    const auto kind = kind_of(packet);
    if (kind == PacketKind::malformed) return PacketDrops::add(DropReason::malformed);
    if (kind != PacketKind::stun)
      return peer.session ? peer.session->on_packet(packet) : PacketDrops::add(DropReason::stranger);
    // The session holds the link as its path to the peer; a path does not hold the session.
    const auto send = [link = peer.link](std::span<const std::uint8_t> bytes) { link->send(bytes); };
    if (auto session = answer(packet, peer.from, IcePath::Send(send), send)) peer.session = std::move(session);
  };
  if (!peer.link->read(on_packet) || !peer.link->flush() || peer.is_refused) close_tcp(descriptor);
}

/// Runs also without new peers, so that sockets of removed addresses are closed.
void IcePort::look_for_addresses(IceSession::Time now) {
  next_look_ = now + 1min;
  for (const auto& error : sockets_.open_missing(now)) warn(error);
  sockets_.close_gone(now);
}

void IcePort::each_second(IceSession::Time now) {
  next_second_ = now + 1s;
  std::vector<std::shared_ptr<IceSession>> all;
  {
    const std::lock_guard lock(mutex_);
    if (now >= next_look_) look_for_addresses(now);
    for (const int socket : std::exchange(resting_, {}))
      if (sockets_.has_tcp(socket)) watch(socket);
    // The credentials from before an ICE restart end when the peer has a path with the newer ones.
    std::erase_if(expected_, [](const auto& one) {
      return one.second.session->is_closed() || one.second.credentials < one.second.session->credentials();
    });
    for (const auto& [ufrag, expected] : expected_) all.push_back(expected.session);
  }
  for (const auto& session : all) session->check_consent(now);
  addresses_.forget_closed();
  std::vector<int> over;
  for (const auto& [descriptor, peer] : tcp_peers_) {
    const bool is_over = peer.session ? peer.session->is_closed() : now - peer.since > stranger_limit;
    if (is_over || !peer.link->flush()) over.push_back(descriptor);
  }
  for (const int descriptor : over) close_tcp(descriptor);
}

}  // namespace voicecast
