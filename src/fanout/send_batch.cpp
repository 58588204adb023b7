// SPDX-License-Identifier: MIT
#include "fanout/send_batch.hpp"

#include <cerrno>

namespace voicecast {
namespace {

constexpr int never_waiting = MSG_DONTWAIT | MSG_NOSIGNAL;

}  // namespace

std::uint8_t* SendBatch::room_for(const UdpPath& path) {
  if (count_ == capacity || path.socket != socket_) flush();
  socket_ = path.socket;
  auto& packet = (*packets_)[count_];
  contents_[count_].iov_base = packet.data();
  auto& header = messages_[count_].msg_hdr;
  header.msg_name = const_cast<sockaddr_storage*>(&path.address);  // not modified by the kernel
  header.msg_namelen = path.address_size;
  header.msg_iov = &contents_[count_];
  header.msg_iovlen = 1;
  return packet.data();
}

void SendBatch::add(std::size_t size, UnsentCount& unsent) {
  contents_[count_].iov_len = size;
  unsent_[count_++] = &unsent;
}

void SendBatch::flush() {
  for (unsigned done = 0; done < count_;) {
    const int sent = sendmmsg(socket_, &messages_[done], count_ - done, never_waiting);
    if (sent > 0)
      done += static_cast<unsigned>(sent);
    else if (errno != EINTR)  // the error concerns the first packet only
      unsent_[done++]->add_one();
  }
  count_ = 0;
}

}  // namespace voicecast
