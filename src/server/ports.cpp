// SPDX-License-Identifier: MIT
#include "server/ports.hpp"

#include <cstdio>

#include "base/gio.hpp"
#include "base/log.hpp"

namespace voicecast {
namespace {

std::string listening_line(const char* what, Scheme scheme, const std::string& address, std::uint16_t port) {
  const bool is_v6 = address.find(':') != std::string::npos;
  const auto host = address.empty() ? "0.0.0.0" : is_v6 ? "[" + address + "]" : address;
  return std::string("listening ") + what + (scheme == Scheme::https ? " https://" : " http://") + host + ":" +
         std::to_string(port) + "\n";
}

/// Whether an interface has the address. Empty: every interface.
bool is_here(const std::string& address) {
  const auto inet = GPtr<GInetAddress>::adopt(g_inet_address_new_from_string(address.c_str()));
  if (!inet) return true;
  const auto probe = GPtr<GSocket>::adopt(
      g_socket_new(g_inet_address_get_family(inet.get()), G_SOCKET_TYPE_DATAGRAM, G_SOCKET_PROTOCOL_UDP, nullptr));
  const auto any_port = GPtr<GSocketAddress>::adopt(g_inet_socket_address_new(inet.get(), 0));
  return probe && g_socket_bind(probe.get(), any_port.get(), FALSE, nullptr);
}

Error port_error(const char* option, std::uint16_t port, const Error& error) {
  return {error.code, std::string("--") + option + ": port " + std::to_string(port) + ": " + error.message};
}

}  // namespace

/// A port with its names in options and output.
struct Ports::Port {
  const char* name;
  const char* option;
  std::uint16_t port;
  Scheme scheme = Scheme::http;
};

/// Uses the passed socket, or opens one.
Result<std::uint16_t> Ports::open(const Port& port, int socket, const std::string& bind) {
  const bool is_passed = socket >= 0;
  const auto address = is_passed ? address_of(socket) : bind;
  auto number = is_passed ? endpoint_.adopt(socket, port.scheme) : endpoint_.listen(address, port.port, port.scheme);
  if (!number && is_passed) return Error{ErrorCode::failed, std::string(port.name) + ": " + number.error().message};
  if (!number) return port_error(port.option, port.port, number.error());
  lines_ += listening_line(port.name, port.scheme, address, *number);
  return number;
}

Status Ports::open_plain(const Config& config, const PassedSockets& sockets) {
  const bool are_all_passed = sockets.api >= 0 && sockets.audio >= 0;
  if (!are_all_passed && !is_here(config.bind))
    log_warning("--bind " + config.bind + ": no interface has the address yet; connections are accepted once one does");
  const auto api = open({"api", "port", config.port}, sockets.api, config.bind);
  if (!api) return api.error();
  const auto audio = open({"audio", "audio-port", config.audio_port}, sockets.audio, config.bind);
  if (!audio) return audio.error();
  audio_ = *audio;
  return success();
}

Status Ports::open_tls(const Config& config, const PassedSockets& sockets) {
  const auto port = open({"tls", "tls-port", config.tls_port, Scheme::https}, sockets.tls, config.bind);
  if (!port) return port.error();
  tls_ = *port;
  return success();
}

/// Flushes: the reader may be waiting at a pipe.
void Ports::announce() const {
  std::fputs(lines_.c_str(), stdout);
  std::fflush(stdout);
}

}  // namespace voicecast
