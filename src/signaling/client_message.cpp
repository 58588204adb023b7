// SPDX-License-Identifier: MIT
#include "signaling/client_message.hpp"

#include <array>
#include <utility>

#include "base/json.hpp"
#include "base/text.hpp"
#include "signaling/json_guard.hpp"

namespace voicecast {
namespace {

constexpr unsigned max_mline_index = 65535;    // sdpMLineIndex is an unsigned short in WebRTC
constexpr std::size_t max_quoted_chars = 40;   // of a client's text in an error: enough to identify it
constexpr std::size_t max_reason_chars = 200;  // of json-glib's message, which may quote the client

Error bad_message(std::string words) { return {ErrorCode::bad_message, std::move(words)}; }

/// Returns the root node, which is an object.
Result<GPtr<JsonNode>> parse_object(std::string_view json) {
  if (const auto status = check_json_object(json); !status) return status.error();
  const auto parser = GPtr<JsonParser>::adopt(json_parser_new_immutable());
  GError* raw = nullptr;
  if (!json_parser_load_from_data(parser.get(), json.data(), static_cast<gssize>(json.size()), &raw))
    return bad_message(excerpt(take_error(raw, "not JSON").message, max_reason_chars));
  auto root = GPtr<JsonNode>::adopt(json_parser_steal_root(parser.get()));
  if (!root || !JSON_NODE_HOLDS_OBJECT(root.get())) return bad_message("the message is not a JSON object");
  return root;
}

bool holds(JsonNode* node, GType type) { return json_node_get_value_type(node) == type; }

/// Typed access to the fields of a JSON object, which must outlive this: json-glib's accessors raise criticals for a
/// missing field or one of another type.
class Fields {
 public:
  /// `message` and `path` are for errors: webrtc_offer: "offer.sdp" …
  Fields(JsonObject* object, std::string message, std::string path)
      : object_(object), message_(std::move(message)), path_(std::move(path)) {}

  Result<std::string> string(const char* key) const {
    auto value = optional_string(key);
    if (!value) return value.error();
    if (!*value) return error(key, node(key) ? "must be a string" : "is missing");
    return std::move(**value);
  }

  /// Nothing where the field is absent or null.
  Result<std::optional<std::string>> optional_string(const char* key) const {
    if (is_absent_or_null(key)) return std::optional<std::string>();
    if (!holds(node(key), G_TYPE_STRING)) return error(key, "must be a string");
    return std::optional<std::string>(json_node_get_string(node(key)));
  }

  /// Nothing where the field is absent or null.
  Result<std::optional<unsigned>> optional_index(const char* key, unsigned max) const {
    if (is_absent_or_null(key)) return std::optional<unsigned>();
    const auto value = holds(node(key), G_TYPE_INT64) ? json_node_get_int(node(key)) : -1;
    if (value < 0 || value > max) return error(key, "must be an integer from 0 to " + std::to_string(max));
    return std::optional<unsigned>(static_cast<unsigned>(value));
  }

  Result<Fields> object(const char* key) const {
    if (!node(key)) return error(key, "is missing");
    if (!JSON_NODE_HOLDS_OBJECT(node(key))) return error(key, "must be an object");
    return Fields(json_node_get_object(node(key)), message_, path_ + key + ".");
  }

  bool has(const char* key) const { return node(key); }
  bool is_null(const char* key) const { return has(key) && is_absent_or_null(key); }

  Error error(const char* key, std::string_view what) const {
    return bad_message((message_.empty() ? "" : message_ + ": ") + '"' + path_ + key + "\" " + std::string(what));
  }

 private:
  JsonNode* node(const char* key) const { return json_object_get_member(object_, key); }
  bool is_absent_or_null(const char* key) const { return !has(key) || JSON_NODE_HOLDS_NULL(node(key)); }

  JsonObject* object_;
  std::string message_;
  std::string path_;
};

using Parsed = Result<ClientMessage>;

template <class Message>
Parsed parse_bare(const Fields&) {
  return ClientMessage(Message{});
}

Parsed parse_start_sending(const Fields& fields) {
  auto name = fields.optional_string("name");
  if (!name) return name.error();
  return ClientMessage(StartSending{std::move(*name)});
}

Parsed parse_start_receiving(const Fields& fields) {
  auto stream_id = fields.optional_string("stream_id");
  if (!stream_id) return stream_id.error();
  return ClientMessage(StartReceiving{std::move(*stream_id)});
}

/// Parses an RTCSessionDescription. Its "type" is redundant: it may be missing, but must not differ.
Result<std::string> parse_description(const Fields& fields, const char* kind) {
  const auto description = fields.object(kind);
  if (!description) return description.error();
  if (description->has("type")) {
    const auto type = description->string("type");
    if (!type) return type.error();
    if (*type != kind) return description->error("type", std::string("must be \"") + kind + '"');
  }
  auto sdp = description->string("sdp");
  if (sdp && sdp->empty()) return description->error("sdp", "must not be empty");
  return sdp;
}

Parsed parse_webrtc_offer(const Fields& fields) {
  auto sdp = parse_description(fields, "offer");
  if (!sdp) return sdp.error();
  return ClientMessage(WebrtcOffer{std::move(*sdp)});
}

Parsed parse_webrtc_answer(const Fields& fields) {
  auto sdp = parse_description(fields, "answer");
  if (!sdp) return sdp.error();
  return ClientMessage(WebrtcAnswer{std::move(*sdp)});
}

/// Parses an RTCIceCandidateInit. The candidate of a browser's last icecandidate event is null, which clients pass on.
Parsed parse_ice_candidate(const Fields& fields) {
  if (fields.is_null("candidate")) return ClientMessage(IceCandidate{});
  const auto init = fields.object("candidate");
  if (!init) return init.error();
  auto candidate = init->is_null("candidate") ? Result<std::string>(std::string()) : init->string("candidate");
  if (!candidate) return candidate.error();
  auto mid = init->optional_string("sdpMid");
  if (!mid) return mid.error();
  const auto mline_index = init->optional_index("sdpMLineIndex", max_mline_index);
  if (!mline_index) return mline_index.error();
  return ClientMessage(IceCandidate{std::move(*candidate), std::move(*mid), *mline_index});
}

Parsed parse_local_ip(const Fields& fields) {
  auto ip = fields.string("ip");
  if (!ip) return ip.error();
  return ClientMessage(LocalIp{std::move(*ip)});
}

struct Kind {
  std::string_view type;
  Parsed (*parse)(const Fields&);
};

constexpr std::array<Kind, std::variant_size_v<ClientMessage>> kinds = {{
    {"start_sending", parse_start_sending},
    {"start_receiving", parse_start_receiving},
    {"webrtc_offer", parse_webrtc_offer},
    {"webrtc_answer", parse_webrtc_answer},
    {"ice_candidate", parse_ice_candidate},
    {"get_available_streams", parse_bare<GetAvailableStreams>},
    {"stop_stream", parse_bare<StopStream>},
    {"local_ip", parse_local_ip},
}};

/// Accepts every version 1.x: later ones add fields, which are ignored.
Status check_version(const Fields& fields) {
  if (!fields.has("version")) return success();
  const auto version = fields.string("version");
  if (!version) return version.error();
  if (version->substr(0, version->find('.')) == "1") return success();
  return fields.error("version",
                      "is \"" + excerpt(*version, max_quoted_chars) + "\", but this server speaks version 1.0");
}

}  // namespace

Result<ClientMessage> parse_client_message(std::string_view json) {
  const auto root = parse_object(json);
  if (!root) return root.error();
  JsonObject* object = json_node_get_object(root->get());
  const Fields fields(object, "", "");
  if (const auto status = check_version(fields); !status) return status.error();
  const auto type = fields.string("type");
  if (!type) return type.error();
  for (const auto& kind : kinds)
    if (kind.type == *type) return kind.parse(Fields(object, *type, ""));
  return bad_message("unknown message type \"" + excerpt(*type, max_quoted_chars) + '"');
}

}  // namespace voicecast
