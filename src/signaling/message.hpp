#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "glib/result.hpp"
#include "media/stream_details.hpp"

/// The signalling messages as types, and their JSON. Pure: no I/O and no state, so any thread may call.
/// All text is UTF-8 without NUL. Keys on the wire stand as the API reference has them.
namespace voicecast {

/// Client: I want to send; my webrtc_offer follows. The name is for people, as the client gave it.
struct StartSending {
  std::optional<std::string> name = {};
  bool operator==(const StartSending&) const = default;
};

/// Client: I want to listen, to the newest stream where none is named.
struct StartReceiving {
  std::optional<std::string> stream_id = {};
  bool operator==(const StartReceiving&) const = default;
};

/// Client: a sender's offer. The SDP is not empty, and not looked into here.
struct WebrtcOffer {
  std::string sdp;
  bool operator==(const WebrtcOffer&) const = default;
};

/// Client: a receiver's answer. The SDP is not empty, and not looked into here.
struct WebrtcAnswer {
  std::string sdp;
  bool operator==(const WebrtcAnswer&) const = default;
};

/// Client: one candidate; an empty one is end-of-candidates. Browsers name the media by mid, by mline index or by both.
struct IceCandidate {
  std::string candidate;
  std::optional<std::string> mid = {};
  std::optional<unsigned> mline_index = {};
  bool operator==(const IceCandidate&) const = default;
};

/// Client: which streams are live?
struct GetAvailableStreams {
  bool operator==(const GetAvailableStreams&) const = default;
};

/// Client: end my media, keep the WebSocket.
struct StopStream {
  bool operator==(const StopStream&) const = default;
};

/// Client: an address of mine. Any text: nothing depends on it, so it is not checked.
struct LocalIp {
  std::string ip;
  bool operator==(const LocalIp&) const = default;
};

using ClientMessage = std::variant<StartSending, StartReceiving, WebrtcOffer, WebrtcAnswer, IceCandidate,
                                   GetAvailableStreams, StopStream, LocalIp>;

/// How deep a client's message may nest: ours need 2. json-glib's parser recurses, and some ten thousand brackets
/// would overflow its stack.
inline constexpr std::size_t max_message_nesting = 32;

/// How many commas a client's message may have outside its strings: ours need 4. json-glib's hash table can be made
/// to collide, and 8000 chosen keys would hold up the main loop for half a second.
inline constexpr std::size_t max_message_commas = 256;

/// What a client sent, or ErrorCode::bad_message with words for the client's author, which name the message and the
/// field. Unknown fields are ignored; of a key that comes twice the last counts.
Result<ClientMessage> parse_client_message(std::string_view json);

/// Server: you are a sender now.
struct SenderReady {
  std::string connection_id;
};

/// Server: the live streams, oldest first. The one that greets a client on connect tells our version, too.
struct AvailableStreams {
  std::vector<StreamDetails> streams;
  bool with_version = false;
};

/// Server, to all: audio of this stream has arrived.
struct StreamAvailable {
  std::string stream_id;
  std::string name;
};

/// Server, to all: this stream is over.
struct StreamEnded {
  std::string stream_id;
};

/// Server: what went wrong, in the words the client shall see.
struct ErrorMessage {
  std::string message;
};

/// Server, to a receiver.
struct ServerOffer {
  std::string sdp;
};

/// Server, to a sender.
struct ServerAnswer {
  std::string sdp;
};

/// Server: one candidate, in the form of the client's; an empty one is end-of-candidates.
struct ServerCandidate {
  std::string candidate;
  std::string mid;
  unsigned mline_index = 0;
};

using ServerMessage = std::variant<SenderReady, AvailableStreams, StreamAvailable, StreamEnded, ErrorMessage,
                                   ServerOffer, ServerAnswer, ServerCandidate>;

/// One line of JSON. What is not UTF-8 in a text (an error of a library may quote anything) becomes U+FFFD.
std::string to_json(const ServerMessage& message);

}  // namespace voicecast
