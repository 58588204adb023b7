#include "signaling/message.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <type_traits>
#include <utility>

#include "glib/json.hpp"
#include "glib/text.hpp"

namespace voicecast {
namespace {

constexpr unsigned max_mline_index = 65535;  // sdpMLineIndex is an unsigned short in WebRTC
constexpr glong max_quoted_chars = 40;       // of a client's text in our error: enough to find it again
constexpr glong max_reason_chars = 200;      // of json-glib's words, which may quote the client, too

Error bad_message(std::string words) { return {ErrorCode::bad_message, std::move(words)}; }

std::string valid_utf8(const std::string& text) {
  return GUnique<char>(g_utf8_make_valid(text.data(), static_cast<gssize>(text.size()))).get();
}

/// A client's text made fit for our error, which may end in a log: UTF-8, without control characters, and short.
std::string excerpt(const std::string& text, glong max_chars) {
  std::string shown = valid_utf8(text);
  std::replace_if(
      shown.begin(), shown.end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; }, '?');
  if (g_utf8_strlen(shown.c_str(), -1) <= max_chars) return shown;
  const char* end = g_utf8_offset_to_pointer(shown.c_str(), max_chars);
  shown.resize(static_cast<std::size_t>(end - shown.c_str()));
  return shown + "…";
}

/// Is it true, false, null or a number that keeps its value in json-glib? 1.6 wraps an integer that is too large
/// silently, makes 1e999 infinite, and reads 010 as 8.
bool is_plain_value(std::string_view word) {
  if (word == "true" || word == "false" || word == "null") return true;
  const auto digits = word.substr(word.starts_with('-') ? 1 : 0);
  if (digits.empty() || !g_ascii_isdigit(digits[0])) return false;
  if (digits.size() > 1 && digits[0] == '0' && g_ascii_isdigit(digits[1])) return false;
  return word.find_first_of(".eE") == word.npos ? parse_number<std::int64_t>(word).has_value()
                                                : parse_number<double>(word).has_value();
}

/// Looks at the tokens of a message before json-glib sees it; the grammar is left to json-glib. 1.6 recurses without a
/// limit, cuts a string at \u0000 or \0, turns a lone surrogate into invalid UTF-8, hides brackets from us in comments
/// and single quotes, and takes two objects for one.
class Tokens {
 public:
  explicit Tokens(std::string_view text) : text_(text) {}

  Status check() {
    skip_space();
    if (peek() != '{') return bad_message("the message is not a JSON object: it must begin with '{'");
    do {
      if (auto status = token(); !status) return status;
      skip_space();
    } while (!closers_.empty() && !at_end());
    if (!closers_.empty()) return refuse("the message ends inside of its JSON object");
    if (!at_end()) return refuse("something follows the JSON object");
    return success();
  }

 private:
  bool at_end() const { return at_ == text_.size(); }
  char peek() const { return at_end() ? '\0' : text_[at_]; }  // GLib's UTF-8 has no NUL: there is none in the text
  char take() { return at_end() ? '\0' : text_[at_++]; }
  void skip_space() { at_ = std::min(text_.find_first_not_of(" \t\r\n", at_), text_.size()); }
  Error refuse(std::string_view why) const {
    return bad_message("not JSON, near byte " + std::to_string(at_) + ": " + std::string(why));
  }

  Status token() {
    switch (peek()) {
      case '"':
        return string();
      case '{':
        return open('}');
      case '[':
        return open(']');
      case '}':
      case ']':
        return close();
      case ',':
        return comma();
      case ':':
        return take(), success();
      default:
        return word();
    }
  }

  Status open(char closer) {
    take();
    closers_.push_back(closer);
    if (closers_.size() <= max_message_nesting) return success();
    return bad_message("the message nests deeper than " + std::to_string(max_message_nesting) + " levels");
  }

  Status close() {
    if (take() != closers_.back()) return refuse("this bracket closes nothing");
    closers_.pop_back();
    return success();
  }

  Status comma() {
    take();
    if (++commas_ <= max_message_commas) return success();
    return bad_message("the message has too many fields: more than " + std::to_string(max_message_commas) + " commas");
  }

  Status word() {
    const auto end = std::min(text_.find_first_of(" \t\r\n\"{}[],:", at_), text_.size());
    const auto word = text_.substr(at_, end - at_);
    if (!is_plain_value(word))
      return refuse('"' + excerpt(std::string(word), max_quoted_chars) +
                    "\" is neither a string in double quotes nor a usable number, true, false or null");
    at_ = end;
    return success();
  }

  Status string() {
    take();
    for (char c = take(); c != '"'; c = take()) {
      if (c == '\0') return refuse("a string is not closed");
      if (c != '\\') continue;
      if (auto status = escape(); !status) return status;
    }
    return success();
  }

  Status escape() {
    const char c = take();
    if (c == 'u') return unicode_escape();
    if (std::string_view("\"\\/bfnrt").find(c) == std::string_view::npos) return refuse("unknown escape in a string");
    return success();
  }

  Status unicode_escape() {
    const auto unit = code_unit();
    if (!unit) return refuse("\\u needs four hexadecimal digits");
    if (*unit == 0) return refuse("a string must not have \\u0000");
    if (is_within(unit, 0xd800, 0xdbff)) {
      const bool paired = take() == '\\' && take() == 'u' && is_within(code_unit(), 0xdc00, 0xdfff);
      return paired ? success() : refuse("a surrogate without its pair in a string");
    }
    return is_within(unit, 0xdc00, 0xdfff) ? refuse("a surrogate without its pair in a string") : success();
  }

  std::optional<unsigned> code_unit() {
    const auto digits = text_.substr(at_, 4);
    unsigned unit = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), unit, 16);
    if (error != std::errc() || end != digits.data() + 4) return std::nullopt;
    at_ += 4;
    return unit;
  }

  static bool is_within(std::optional<unsigned> unit, unsigned low, unsigned high) {
    return unit && *unit >= low && *unit <= high;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::string closers_;  // of the brackets that are open, innermost last
  std::size_t commas_ = 0;
};

/// The root node, which holds an object.
Result<GPtr<JsonNode>> parse_object(std::string_view json) {
  if (!g_utf8_validate_len(json.data(), json.size(), nullptr)) return bad_message("the message is not valid UTF-8");
  if (const auto status = Tokens(json).check(); !status) return status.error();
  const auto parser = GPtr<JsonParser>::adopt(json_parser_new_immutable());
  GError* raw = nullptr;
  if (!json_parser_load_from_data(parser.get(), json.data(), static_cast<gssize>(json.size()), &raw))
    return bad_message(excerpt(take_error(raw, "not JSON").message, max_reason_chars));
  auto root = GPtr<JsonNode>::adopt(json_parser_steal_root(parser.get()));
  if (!root || !JSON_NODE_HOLDS_OBJECT(root.get())) return bad_message("the message is not a JSON object");
  return root;
}

bool holds(JsonNode* node, GType type) { return json_node_get_value_type(node) == type; }

/// The fields of one JSON object, which must outlive this, by typed look-ups: json-glib's own raise criticals on a
/// field that is missing or of another type.
class Fields {
 public:
  /// `message` and `path` begin and end what errors say: webrtc_offer: "offer.sdp" …
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

/// An RTCSessionDescription. Its own "type" says nothing new, so it may be left out; it must not say otherwise.
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

/// An RTCIceCandidateInit. A browser's last icecandidate event has null for a candidate, and clients pass that on.
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

/// We speak 1.0, and understand every 1.x: what a later one adds is in fields that we ignore.
Status check_version(const Fields& fields) {
  if (!fields.has("version")) return success();
  const auto version = fields.string("version");
  if (!version) return version.error();
  if (version->substr(0, version->find('.')) == "1") return success();
  return fields.error("version",
                      "is \"" + excerpt(*version, max_quoted_chars) + "\", but this server speaks version 1.0");
}

using Object = GPtr<JsonObject>;

void set(const Object& object, const char* key, const std::string& value) {
  json_object_set_string_member(object.get(), key, valid_utf8(value).c_str());
}

Object message_of(const char* type) {
  auto object = Object::adopt(json_object_new());
  set(object, "type", type);
  return object;
}

Object one_text(const char* type, const char* key, const std::string& value) {
  auto object = message_of(type);
  set(object, key, value);
  return object;
}

Object describe(const char* type, const char* kind, const std::string& sdp) {
  auto description = Object::adopt(json_object_new());
  set(description, "sdp", sdp);
  set(description, "type", kind);
  auto object = message_of(type);
  json_object_set_object_member(object.get(), kind, description.release());
  return object;
}

Object build(const SenderReady& m) { return one_text("sender_ready", "connection_id", m.connection_id); }
Object build(const StreamAvailable& m) {
  auto object = one_text("stream_available", "stream_id", m.stream_id);
  set(object, "name", m.name);
  return object;
}
Object build(const StreamEnded& m) { return one_text("stream_ended", "stream_id", m.stream_id); }
Object build(const ErrorMessage& m) { return one_text("error", "message", m.message); }
Object build(const ServerOffer& m) { return describe("webrtc_offer", "offer", m.sdp); }
Object build(const ServerAnswer& m) { return describe("webrtc_answer", "answer", m.sdp); }

Object details_of(const StreamDetails& stream) {
  auto object = Object::adopt(json_object_new());
  set(object, "id", stream.id);
  set(object, "name", stream.name);
  json_object_set_int_member(object.get(), "since", std::chrono::system_clock::to_time_t(stream.since));
  json_object_set_int_member(object.get(), "listeners", stream.listeners());
  return object;
}

/// `streams` is the reference's list of ids; what more there is to say of each stands beside it.
Object build(const AvailableStreams& m) {
  auto streams = GPtr<JsonArray>::adopt(json_array_new());
  auto details = GPtr<JsonArray>::adopt(json_array_new());
  for (const auto& stream : m.streams) {
    json_array_add_string_element(streams.get(), valid_utf8(stream.id).c_str());
    json_array_add_object_element(details.get(), details_of(stream).release());
  }
  auto object = message_of("available_streams");
  json_object_set_array_member(object.get(), "streams", streams.release());
  json_object_set_array_member(object.get(), "details", details.release());
  if (m.with_version) set(object, "version", "1.0");
  return object;
}

Object build(const ServerCandidate& m) {
  auto init = Object::adopt(json_object_new());
  set(init, "candidate", m.candidate);
  set(init, "sdpMid", m.mid);
  json_object_set_int_member(init.get(), "sdpMLineIndex", m.mline_index);
  auto object = message_of("ice_candidate");
  json_object_set_object_member(object.get(), "candidate", init.release());
  return object;
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

std::string to_json(const ServerMessage& message) {
  const auto object = std::visit([](const auto& m) { return build(m); }, message);
  const auto root = GPtr<JsonNode>::adopt(json_node_new(JSON_NODE_OBJECT));
  json_node_set_object(root.get(), object.get());
  return GUnique<char>(json_to_string(root.get(), FALSE)).get();
}

}  // namespace voicecast
