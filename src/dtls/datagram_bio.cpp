// SPDX-License-Identifier: MIT
#include "dtls/datagram_bio.hpp"

#include <algorithm>
#include <utility>

namespace voicecast {
namespace {

DatagramEnds& ends_of(BIO* bio) { return *static_cast<DatagramEnds*>(BIO_get_data(bio)); }

int write(BIO* bio, const char* data, int size) noexcept {
  ends_of(bio).send({reinterpret_cast<const std::uint8_t*>(data), static_cast<std::size_t>(size)});
  return size;
}

/// What exceeds `size` is lost, as with a socket.
int read(BIO* bio, char* out, int size) noexcept {
  BIO_clear_retry_flags(bio);
  const auto datagram = std::exchange(ends_of(bio).incoming, {});
  if (datagram.empty()) {
    BIO_set_retry_read(bio);
    return -1;
  }
  const auto taken = std::min(datagram.size(), static_cast<std::size_t>(size));
  std::copy_n(datagram.begin(), taken, out);
  return static_cast<int>(taken);
}

/// libssl flushes each flight; it gets the MTU from SSL_set_mtu().
long control(BIO*, int command, long, void*) noexcept { return command == BIO_CTRL_FLUSH ? 1 : 0; }

BIO_METHOD* make_method() {
  auto* method = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "datagrams");
  BIO_meth_set_write(method, write);
  BIO_meth_set_read(method, read);
  BIO_meth_set_ctrl(method, control);
  return method;
}

}  // namespace

BIO* new_datagram_bio(DatagramEnds& ends) {
  static const std::unique_ptr<BIO_METHOD, void (*)(BIO_METHOD*)> method(make_method(), BIO_meth_free);
  auto* bio = BIO_new(method.get());
  if (!bio) return nullptr;
  BIO_set_data(bio, &ends);
  BIO_set_init(bio, 1);
  return bio;
}

}  // namespace voicecast
