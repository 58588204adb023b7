// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "stream/stream_details.hpp"

/// Server messages and their JSON. Pure. Keys on the wire are those of the API reference.
namespace voicecast {

/// The client is a sender now.
struct SenderReady {
  std::string connection_id;
};

/// The live streams, oldest first. On connect also the version.
struct AvailableStreams {
  std::vector<StreamDetails> streams;
  bool with_version = false;
};

/// To all clients: the first audio of a stream has arrived.
struct StreamAvailable {
  std::string stream_id;
  std::string name;
};

/// To all clients: a stream has ended.
struct StreamEnded {
  std::string stream_id;
};

/// An error, with the text for the client.
struct ErrorMessage {
  std::string message;
};

/// An offer to a receiver.
struct ServerOffer {
  std::string sdp;
};

/// An answer to a sender.
struct ServerAnswer {
  std::string sdp;
};

/// One candidate, in the client's form; an empty one ends the candidates.
struct ServerCandidate {
  std::string candidate;
  std::string mid;
  unsigned mline_index = 0;
};

using ServerMessage = std::variant<SenderReady, AvailableStreams, StreamAvailable, StreamEnded, ErrorMessage,
                                   ServerOffer, ServerAnswer, ServerCandidate>;

/// One line of JSON. Invalid UTF-8, which a library's error may quote, becomes U+FFFD.
std::string to_json(const ServerMessage& message);

}  // namespace voicecast
