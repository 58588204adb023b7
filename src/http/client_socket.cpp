#include "http/client_socket.hpp"

#include <gio/gio.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include <algorithm>
#include <array>
#include <cerrno>

namespace voicecast {
namespace {

/// Half a second of MP3. Without this limit the kernel takes minutes of it for a client that does not read, and nobody
/// knows how far behind he is; what was sent and is on its way does not count.
constexpr int max_unsent_bytes = 8192;

void set_option(int fd, int option, int value) { setsockopt(fd, IPPROTO_TCP, option, &value, sizeof value); }

bool would_block(const GError* error) { return g_error_matches(error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK); }

}  // namespace

ClientSocket::ClientSocket(GPtr<GIOStream> stream, GSocket* socket, bool is_plain)
    : stream_(std::move(stream)), fd_(g_socket_get_fd(socket)), is_plain_(is_plain) {
  // Or the second packet waits for the acknowledgement of the first, 40 ms (Nagle's algorithm, RFC 1122 §4.2.3.4).
  set_option(fd_, TCP_NODELAY, 1);
  set_option(fd_, TCP_NOTSENT_LOWAT, max_unsent_bytes);
}

ClientSocket::~ClientSocket() {
  if (stream_) g_io_stream_close_async(stream_.get(), G_PRIORITY_DEFAULT, nullptr, nullptr, nullptr);
}

std::optional<std::size_t> ClientSocket::write(std::span<const std::string_view> pieces) {
  if (!is_plain_) return write_stream(pieces.front());
  std::array<iovec, max_pieces> vectors;
  const auto count = std::min(pieces.size(), max_pieces);
  for (std::size_t i = 0; i < count; ++i) vectors[i] = {const_cast<char*>(pieces[i].data()), pieces[i].size()};
  msghdr message{};
  message.msg_iov = vectors.data();
  message.msg_iovlen = count;
  ssize_t sent;
  do sent = sendmsg(fd_, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
  while (sent < 0 && errno == EINTR);
  if (sent >= 0) return static_cast<std::size_t>(sent);
  return errno == EAGAIN || errno == EWOULDBLOCK ? std::optional<std::size_t>(0) : std::nullopt;
}

std::optional<std::size_t> ClientSocket::write_stream(std::string_view bytes) {
  auto* output = G_POLLABLE_OUTPUT_STREAM(g_io_stream_get_output_stream(stream_.get()));
  std::size_t taken = 0;
  while (taken < bytes.size()) {
    GError* raw = nullptr;
    const auto count =
        g_pollable_output_stream_write_nonblocking(output, bytes.data() + taken, bytes.size() - taken, nullptr, &raw);
    const GUnique<GError> error(raw);
    if (count < 0) return would_block(error.get()) ? std::optional(taken) : std::nullopt;
    taken += static_cast<std::size_t>(count);
  }
  return taken;
}

bool ClientSocket::read_and_discard() {
  auto* input = G_POLLABLE_INPUT_STREAM(g_io_stream_get_input_stream(stream_.get()));
  std::array<char, 1024> discarded;
  for (;;) {
    GError* raw = nullptr;
    const auto count =
        g_pollable_input_stream_read_nonblocking(input, discarded.data(), discarded.size(), nullptr, &raw);
    const GUnique<GError> error(raw);
    if (count < 0) return would_block(error.get());
    if (count == 0) return false;
  }
}

}  // namespace voicecast
