// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "connection/chunk_reader.hpp"
#include "connection/request_head.hpp"

namespace voicecast {

/// Parses one request after the other: passes on a head when it is complete and valid, then its body. Pure.
class RequestReader {
 public:
  /// Takes the bytes of the current request from the front of `bytes`, and appends to `passed` those for libsoup. Do
  /// not call it after an error.
  std::optional<ErrorResponse> take(std::string_view& bytes, std::string& passed);
  /// Whether a part of a request has been received.
  bool has_begun() const { return has_head_ || !head_text_.empty(); }
  bool has_head() const { return has_head_; }
  bool is_whole() const { return has_head_ && is_body_whole(); }
  const RequestHead& head() const { return head_; }
  /// Begins the next request.
  void next();

 private:
  std::optional<ErrorResponse> take_head(std::string_view& bytes, std::string& passed);
  std::optional<ErrorResponse> take_body(std::string_view& bytes, std::string& passed);
  bool is_body_whole() const { return head_.framing == Framing::chunked ? chunks_.is_whole() : body_left_ == 0; }

  std::string head_text_;  ///< the part received so far
  RequestHead head_;
  bool has_head_ = false;
  std::size_t body_left_ = 0;
  ChunkReader chunks_;
};

}  // namespace voicecast
