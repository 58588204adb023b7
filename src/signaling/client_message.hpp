// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "base/result.hpp"

/// Parses and validates client messages. Pure; any thread. All text is UTF-8 without NUL. Keys on the wire are those of
/// the API reference.
namespace voicecast {

/// Starts sending; a webrtc_offer follows. The name is unfiltered.
struct StartSending {
  std::optional<std::string> name = {};
  bool operator==(const StartSending&) const = default;
};

/// Starts receiving; without an id the newest stream.
struct StartReceiving {
  std::optional<std::string> stream_id = {};
  bool operator==(const StartReceiving&) const = default;
};

/// A sender's offer. The SDP is not empty, and not validated here.
struct WebrtcOffer {
  std::string sdp;
  bool operator==(const WebrtcOffer&) const = default;
};

/// A receiver's answer. The SDP is not empty, and not validated here.
struct WebrtcAnswer {
  std::string sdp;
  bool operator==(const WebrtcAnswer&) const = default;
};

/// One candidate; an empty one ends the candidates. Browsers give the mid, the m-line index or both.
struct IceCandidate {
  std::string candidate;
  std::optional<std::string> mid = {};
  std::optional<unsigned> mline_index = {};
  bool operator==(const IceCandidate&) const = default;
};

/// Requests the live streams.
struct GetAvailableStreams {
  bool operator==(const GetAvailableStreams&) const = default;
};

/// Ends the client's media, keeps the WebSocket.
struct StopStream {
  bool operator==(const StopStream&) const = default;
};

/// An address of the client. Any text: it has no effect and is not validated.
struct LocalIp {
  std::string ip;
  bool operator==(const LocalIp&) const = default;
};

using ClientMessage = std::variant<StartSending, StartReceiving, WebrtcOffer, WebrtcAnswer, IceCandidate,
                                   GetAvailableStreams, StopStream, LocalIp>;

/// Parses a message. ErrorCode::bad_message names the message and the field, for the client's author. Unknown fields
/// are ignored; the last of duplicate keys takes effect.
Result<ClientMessage> parse_client_message(std::string_view json);

}  // namespace voicecast
