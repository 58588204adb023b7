// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "base/result.hpp"

/// What clients say, as types, and from its JSON. Pure: no I/O and no state, so any thread may call.
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

/// What a client sent, or ErrorCode::bad_message with words for the client's author, which name the message and the
/// field. Unknown fields are ignored; of a key that comes twice the last counts.
Result<ClientMessage> parse_client_message(std::string_view json);

}  // namespace voicecast
