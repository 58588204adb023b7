// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace voicecast {

/// Follows what libsoup writes: where a response ends, and whether it is the one that switches to a WebSocket. Pure.
class ResponseReader {
 public:
  enum class State {
    head,         ///< nothing of the response, or a part of its head
    body,         ///< a body of a known length
    until_close,  ///< a body that ends with the connection
    whole,
    switched,  ///< 101: what follows is a WebSocket's
  };

  /// The response to another request begins, which has no body if that was HEAD.
  void next(bool is_to_head_request);
  /// Follows the bytes; gives how many belong to this response.
  std::size_t follow(std::string_view bytes);
  State state() const { return state_; }
  /// Whether some of the response has been written; an interim one (RFC 9110 §15.2) is none.
  bool has_begun() const { return state_ != State::head || !head_.empty(); }
  /// Whether the connection ends behind it.
  bool closes() const { return closes_; }

 private:
  std::size_t follow_head(std::string_view bytes);
  void on_head();

  State state_ = State::head;
  std::string head_;  ///< as far as it has been written
  std::size_t left_ = 0;
  bool is_to_head_request_ = false, closes_ = false;
};

}  // namespace voicecast
