// SPDX-License-Identifier: MIT
#include "doctor/running_server.hpp"

#include <array>

#include "base/gio.hpp"
#include "base/json.hpp"
#include "http/soup.hpp"

namespace voicecast {

template <>
struct Refs<GInputStream> : ObjectRefs {};

namespace {

/// Long enough for a TLS handshake on a small machine under load.
constexpr int answer_timeout_s = 3;

/// The bytes read at once: /info is small, and another program's response may be endless.
std::string get(const std::string& url) {
  const auto session = GPtr<SoupSession>::adopt(
      soup_session_new_with_options("timeout", answer_timeout_s, "proxy-resolver", nullptr, nullptr));
  const auto message = GPtr<SoupMessage>::adopt(soup_message_new("GET", url.c_str()));
  soup_message_add_flags(message.get(), SOUP_MESSAGE_NO_REDIRECT);  // a redirect may lead to another machine
  const auto trust_anybody = +[](SoupMessage*, GTlsCertificate*, GTlsCertificateFlags, gpointer) -> gboolean {
    return TRUE;  // any certificate: the request contains no secret, and the response is a version
  };
  g_signal_connect(message.get(), "accept-certificate", G_CALLBACK(trust_anybody), nullptr);
  const auto body = GPtr<GInputStream>::adopt(soup_session_send(session.get(), message.get(), nullptr, nullptr));
  if (!body || soup_message_get_status(message.get()) != SOUP_STATUS_OK) return {};
  std::array<char, 4096> text{};
  const auto size = g_input_stream_read(body.get(), text.data(), text.size(), nullptr, nullptr);
  return {text.data(), size > 0 ? static_cast<std::size_t>(size) : 0};
}

std::string url_of(const std::string& address, std::uint16_t port, bool is_tls) {
  const auto host = address.empty() ? "127.0.0.1" : address.find(':') == address.npos ? address : '[' + address + ']';
  return (is_tls ? "https://" : "http://") + host + ':' + std::to_string(port) + "/info";
}

const char* text_member(JsonObject* object, const char* name) {
  auto* node = json_object_get_member(object, name);
  return node && json_node_get_value_type(node) == G_TYPE_STRING ? json_node_get_string(node) : nullptr;
}

}  // namespace

std::optional<std::string> running_version(const std::string& address, std::uint16_t port, bool is_tls) {
  const auto text = get(url_of(address, port, is_tls));
  const auto parser = GPtr<JsonParser>::adopt(json_parser_new());
  if (!json_parser_load_from_data(parser.get(), text.data(), static_cast<gssize>(text.size()), nullptr))
    return std::nullopt;
  auto* root = json_parser_get_root(parser.get());
  if (!root || !JSON_NODE_HOLDS_OBJECT(root)) return std::nullopt;
  auto* object = json_node_get_object(root);
  const auto* version = text_member(object, "version");
  if (!version || !json_object_has_member(object, "audio_port")) return std::nullopt;
  return version;
}

}  // namespace voicecast
