// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string_view>

#include "connection/frame_reader.hpp"
#include "connection/response_reader.hpp"

namespace voicecast {

/// Tracks the output of libsoup to a client, responses and then perhaps WebSocket frames: other output may be inserted
/// only between two of them. Pure.
class ServerOutput {
 public:
  /// Begins the response to the next request.
  void next(bool is_to_head_request) { response_.next(is_to_head_request); }
  /// Records sent bytes.
  void follow(std::string_view bytes);
  /// How many of these bytes, the next output, belong to the response or frame in progress.
  std::size_t rest_of(std::string_view bytes) const;
  /// Whether a response or frame is in progress.
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
