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

/// To all clients: a stream has ended, because its sender stopped, or because its connection or its media failed.
struct StreamEnded {
  std::string stream_id;
  bool has_failed = false;
};

/// What a client's program distinguishes of an error: a closed list.
enum class MessageError {
  no_stream,     ///< no stream is live, or the id is unknown
  stream_ended,  ///< the stream of the id has ended
  bad_message,   ///< a message is malformed, or comes out of order
  unsupported,   ///< a valid description with nothing that the server can use
  forbidden,     ///< the token does not allow it
  busy,          ///< a limit: a later try may succeed
  failed,        ///< everything else: the connection, or the server
};

/// An error, with the words for the client's author; a missing stream has those of the API reference. `stream_id` is
/// that of the client's stream, or of the requested one; empty if none is concerned.
struct ErrorMessage {
  MessageError code = MessageError::failed;
  std::string words;
  std::string stream_id = {};
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
