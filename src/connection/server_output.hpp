// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string_view>

#include "connection/frame_reader.hpp"
#include "connection/response_reader.hpp"

namespace voicecast {

/// Follows what libsoup writes to a client, responses and then perhaps the frames of a WebSocket: other bytes may go
/// out between two of them only. Pure.
class ServerOutput {
 public:
  /// The response to another request begins.
  void next(bool is_to_head_request) { response_.next(is_to_head_request); }
  /// These bytes were sent.
  void follow(std::string_view bytes);
  /// How many of these bytes, which come next, belong to the response or frame that has begun.
  std::size_t rest_of(std::string_view bytes) const;
  /// Whether a response or frame has begun and is not at its end.
  bool is_inside() const;
  bool is_response_whole() const { return response_.state() == ResponseReader::State::whole; }
  bool has_switched() const { return response_.state() == ResponseReader::State::switched; }
  bool closes() const { return response_.closes(); }

 private:
  void follow_frame(std::string_view& bytes);

  ResponseReader response_;
  FrameReader frames_;
};

}  // namespace voicecast
