// SPDX-License-Identifier: MIT
#include "signaling/server_message.hpp"

#include "base/json.hpp"
#include "base/text.hpp"

namespace voicecast {
namespace {

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
Object build(const StreamEnded& m) {
  auto object = one_text("stream_ended", "stream_id", m.stream_id);
  set(object, "code", m.has_failed ? "failed" : "stopped");
  return object;
}

const char* text_of(MessageError code) {
  switch (code) {
    case MessageError::no_stream:
      return "no_stream";
    case MessageError::stream_ended:
      return "stream_ended";
    case MessageError::bad_message:
      return "bad_message";
    case MessageError::unsupported:
      return "unsupported";
    case MessageError::forbidden:
      return "forbidden";
    case MessageError::busy:
      return "busy";
    case MessageError::failed:
      break;
  }
  return "failed";
}

/// The reference has texts for a missing stream; it begins all others with "Server error: ".
std::string words_of(const ErrorMessage& m) {
  if (m.code == MessageError::no_stream) return "No audio stream available";
  if (m.code == MessageError::stream_ended) return "Stream ended";
  return "Server error: " + m.words;
}

Object build(const ErrorMessage& m) {
  auto object = one_text("error", "message", words_of(m));
  set(object, "code", text_of(m.code));
  if (!m.stream_id.empty()) set(object, "stream_id", m.stream_id);
  return object;
}

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

/// `streams` is the reference's list of ids; `details` adds more about each.
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

std::string to_json(const ServerMessage& message) {
  const auto object = std::visit([](const auto& m) { return build(m); }, message);
  const auto root = GPtr<JsonNode>::adopt(json_node_new(JSON_NODE_OBJECT));
  json_node_set_object(root.get(), object.get());
  return GUnique<char>(json_to_string(root.get(), FALSE)).get();
}

}  // namespace voicecast
