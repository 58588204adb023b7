// SPDX-License-Identifier: MIT
#include <array>
#include <chrono>
#include <future>
#include <string_view>

#include "access/secret_id.hpp"
#include "base/gio.hpp"
#include "base/result.hpp"
#include "doctor/ice_server_check.hpp"
#include "ice/turn_tunnel.hpp"

namespace voicecast {

template <>
struct Refs<GResolver> : ObjectRefs {};

namespace {

using namespace std::chrono_literals;

constexpr auto patience = 2s;

/// The length of a STUN header (RFC 8489 §5).
constexpr std::size_t header_size = 20;

/// GLib's message, or "no answer" after the timeout.
std::string words_of(GError* raw) {
  const GUnique<GError> error(raw);
  return g_error_matches(error.get(), G_IO_ERROR, G_IO_ERROR_CANCELLED) ? "no answer" : error->message;
}

std::string binding_request() {
  std::string request("\0\x01\0\0\x21\x12\xa4\x42", 8);  // Binding, no attributes, the magic cookie
  return request + new_secret_id().substr(0, header_size - request.size());
}

/// Whether it is a success or error response to this request.
bool is_answer(std::string_view answer, std::string_view request) {
  return answer.size() >= header_size && answer[0] == '\x01' && answer.substr(4, 16) == request.substr(4, 16);
}

/// Sends once, without RFC 8489's retransmissions: two seconds are short.
std::string ask(GSocket* socket, GSocketAddress* address, GCancellable* end) {
  GError* raw = nullptr;
  const auto request = binding_request();
  if (!g_socket_connect(socket, address, end, &raw)) return words_of(raw);
  if (g_socket_send(socket, request.data(), request.size(), end, &raw) < 0) return words_of(raw);
  for (;;) {
    std::array<char, 2048> answer{};
    const auto size = g_socket_receive(socket, answer.data(), answer.size(), end, &raw);
    if (size < 0) return words_of(raw);
    if (is_answer({answer.data(), static_cast<std::size_t>(size)}, request)) return {};
  }
}

std::string ask_over_udp(const IceServer& server, GCancellable* end) {
  GError* raw = nullptr;
  const auto resolver = GPtr<GResolver>::adopt(g_resolver_get_default());
  GList* found = g_resolver_lookup_by_name(resolver.get(), server.host.c_str(), end, &raw);
  if (raw) return words_of(raw);
  const auto first = GPtr<GInetAddress>::share(G_INET_ADDRESS(found->data));
  g_resolver_free_addresses(found);
  const auto address = GPtr<GSocketAddress>::adopt(g_inet_socket_address_new(first.get(), server.port));
  const auto socket = GPtr<GSocket>::adopt(
      g_socket_new(g_inet_address_get_family(first.get()), G_SOCKET_TYPE_DATAGRAM, G_SOCKET_PROTOCOL_UDP, &raw));
  if (raw) return words_of(raw);
  return ask(socket.get(), address.get(), end);
}

std::string connect_over_tcp(const IceServer& server, GCancellable* end) {
  GError* raw = nullptr;
  const auto client = GPtr<GSocketClient>::adopt(g_socket_client_new());
  g_socket_client_set_enable_proxy(client.get(), FALSE);
  const auto connection = GPtr<GSocketConnection>::adopt(
      g_socket_client_connect_to_host(client.get(), server.host.c_str(), server.port, end, &raw));
  return raw ? words_of(raw) : "";
}

std::string reach(const IceServer& server, GCancellable* end) {
  const bool is_tcp = server.scheme == "turns" || server.transport == "tcp";
  return is_tcp ? connect_over_tcp(server, end) : ask_over_udp(server, end);
}

std::string tunnel_error(IceConfig ice) {
  const auto tunnels = open_tunnels(ice);
  return tunnels ? "" : tunnels.error().message;
}

/// Registers the types that the threads use: two threads that do so at once can wait for each other for ever (seen in
/// GLib 2.74: the class of GSocketClient and GInetSocketAddress both register GSocketAddress).
void register_types() {
  g_type_ensure(G_TYPE_INET_SOCKET_ADDRESS);
  GPtr<GSocketClient>::adopt(g_socket_client_new());
}

}  // namespace

IceServersFacts look_at_ice_servers(const IceConfig& ice) {
  register_types();
  auto servers = ice.turn_servers;
  if (ice.stun_server) servers.insert(servers.begin(), *ice.stun_server);
  const auto end = GPtr<GCancellable>::adopt(g_cancellable_new());
  std::vector<std::future<std::string>> answers;
  for (const auto& server : servers)
    answers.push_back(std::async(std::launch::async, [&server, &end] { return reach(server, end.get()); }));
  const auto latest = std::chrono::steady_clock::now() + patience;
  for (const auto& answer : answers) answer.wait_until(latest);
  g_cancellable_cancel(end.get());
  IceServersFacts facts;
  for (std::size_t i = 0; i < servers.size(); ++i) facts.servers.push_back({uri_of(servers[i]), answers[i].get()});
  facts.tunnel_error = tunnel_error(ice);
  return facts;
}

}  // namespace voicecast
