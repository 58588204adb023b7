// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "stream/stream_details.hpp"

/// What we say to clients, as types, and its JSON. Pure. Keys on the wire stand as the API reference has them.
namespace voicecast {

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
