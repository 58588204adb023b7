// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace voicecast {

/// Tracks the output of libsoup: where a response ends, and whether it switches to a WebSocket. Pure.
class ResponseReader {
 public:
  enum class State {
    head,         ///< nothing, or a part of the head
    body,         ///< a body of a known length
    until_close,  ///< a body that ends with the connection
    whole,
    switched,  ///< 101: a WebSocket follows
  };

  /// Begins the response to the next request; the response to HEAD has no body.
  void next(bool is_to_head_request);
  /// Reads the bytes; gives how many belong to this response.
  std::size_t follow(std::string_view bytes);
  State state() const { return state_; }
  /// Whether a part of the final response has been written; interim ones (RFC 9110 §15.2) do not count.
  bool has_begun() const { return state_ != State::head || !head_.empty(); }
  /// Whether the connection ends after this response.
  bool closes() const { return closes_; }

 private:
  std::size_t follow_head(std::string_view bytes);
  void on_head();

  State state_ = State::head;
  std::string head_;  ///< the part written so far
  std::size_t left_ = 0;
  bool is_to_head_request_ = false, closes_ = false;
};

}  // namespace voicecast
