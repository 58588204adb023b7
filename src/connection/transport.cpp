// SPDX-License-Identifier: MIT
#include "connection/transport.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include <algorithm>
#include <array>
#include <cerrno>

namespace voicecast {
namespace {

void set_option(int fd, int option, int value) { setsockopt(fd, IPPROTO_TCP, option, &value, sizeof value); }

bool would_block() { return errno == EAGAIN || errno == EWOULDBLOCK; }

}  // namespace

Transport::Transport(GPtr<GSocket> socket) : socket_(std::move(socket)), fd_(g_socket_get_fd(socket_.get())) {
  g_socket_set_blocking(socket_.get(), FALSE);
  // Otherwise the second packet waits for the acknowledgement of the first, 40 ms (Nagle's algorithm, RFC 1122
  // §4.2.3.4).
  set_option(fd_, TCP_NODELAY, 1);
}

void Transport::finish_output() { shutdown(fd_, SHUT_WR); }

void Transport::shut_down() { shutdown(fd_, SHUT_RDWR); }

void Transport::limit_unsent_bytes(int bytes) { set_option(fd_, TCP_NOTSENT_LOWAT, bytes); }

std::optional<std::size_t> PlainTransport::write(std::span<const std::string_view> pieces) {
  std::array<iovec, max_pieces> vectors;
  const auto count = std::min(pieces.size(), max_pieces);
  for (std::size_t i = 0; i < count; ++i) vectors[i] = {const_cast<char*>(pieces[i].data()), pieces[i].size()};
  msghdr message{};
  message.msg_iov = vectors.data();
  message.msg_iovlen = count;
  ssize_t sent;
  do sent = sendmsg(fd(), &message, MSG_NOSIGNAL | MSG_DONTWAIT);
  while (sent < 0 && errno == EINTR);
  if (sent >= 0) return static_cast<std::size_t>(sent);
  return would_block() ? std::optional<std::size_t>(0) : std::nullopt;
}

std::optional<std::size_t> PlainTransport::read(std::span<char> to) {
  ssize_t count;
  do count = recv(fd(), to.data(), to.size(), MSG_DONTWAIT);
  while (count < 0 && errno == EINTR);
  if (count >= 0) return static_cast<std::size_t>(count);
  return would_block() ? std::nullopt : std::optional<std::size_t>(0);
}

}  // namespace voicecast
