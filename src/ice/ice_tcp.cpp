// SPDX-License-Identifier: MIT
#include "ice/ice_tcp.hpp"

#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace voicecast {

IceTcpLink::~IceTcpLink() { close(socket_); }

void IceTcpLink::send(std::span<const std::uint8_t> packet) {
  if (packet.empty() || packet.size() > max_packet_bytes) return;
  const std::array<std::uint8_t, 2> length{static_cast<std::uint8_t>(packet.size() >> 8),
                                           static_cast<std::uint8_t>(packet.size() & 0xff)};
  const std::lock_guard lock(mutex_);
  send_kept();
  if (kept_.size() + length.size() + packet.size() > max_kept_bytes) return;
  std::size_t sent = 0;
  if (kept_.empty()) {
    std::array<iovec, 2> parts{{{const_cast<std::uint8_t*>(length.data()), length.size()},
                                {const_cast<std::uint8_t*>(packet.data()), packet.size()}}};
    msghdr message{};
    message.msg_iov = parts.data();
    message.msg_iovlen = parts.size();
    sent = static_cast<std::size_t>(std::max<ssize_t>(0, sendmsg(socket_, &message, MSG_DONTWAIT | MSG_NOSIGNAL)));
  }
  // A broken connection is detected by reading.
  if (sent < length.size()) kept_.insert(kept_.end(), length.begin() + static_cast<std::ptrdiff_t>(sent), length.end());
  const auto begun = sent > length.size() ? sent - length.size() : 0;
  kept_.insert(kept_.end(), packet.begin() + static_cast<std::ptrdiff_t>(begun), packet.end());
}

bool IceTcpLink::flush() {
  const std::lock_guard lock(mutex_);
  return send_kept();
}

bool IceTcpLink::send_kept() {
  if (kept_.empty()) return true;
  const auto sent = ::send(socket_, kept_.data(), kept_.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
  if (sent < 0) return errno == EAGAIN || errno == EINTR;
  kept_.erase(kept_.begin(), kept_.begin() + sent);
  return true;
}

bool IceTcpLink::read(const std::function<void(std::span<const std::uint8_t>)>& on_packet) {
  const auto count = recv(socket_, read_.data() + filled_, read_.size() - filled_, MSG_DONTWAIT);
  if (count < 0) return errno == EAGAIN || errno == EINTR;
  if (count == 0) return false;
  filled_ += static_cast<std::size_t>(count);
  std::size_t at = 0;
  while (filled_ - at >= 2) {
    const std::size_t length = static_cast<std::size_t>(read_[at] << 8 | read_[at + 1]);
    if (length > max_packet_bytes) return false;
    if (filled_ - at < 2 + length) break;
    if (length > 0) on_packet({read_.data() + at + 2, length});  // an empty frame is valid, but not a packet
    at += 2 + length;
  }
  std::memmove(read_.data(), read_.data() + at, filled_ - at);
  filled_ -= at;
  return true;
}

}  // namespace voicecast
