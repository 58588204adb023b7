// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "connection/chunk_reader.hpp"
#include "connection/request_head.hpp"

namespace voicecast {

/// Reads one request after the other: a head is passed on when it is whole and good, then its body. Pure.
class RequestReader {
 public:
  /// Takes from the front of `bytes` what belongs to this request, and appends to `passed` what libsoup may see of it.
  /// After a refusal it must not be called again.
  std::optional<ErrorResponse> take(std::string_view& bytes, std::string& passed);
  /// Whether some of a request has come.
  bool has_begun() const { return has_head_ || !head_text_.empty(); }
  bool has_head() const { return has_head_; }
  bool is_whole() const { return has_head_ && is_body_whole(); }
  const RequestHead& head() const { return head_; }
  /// The next request begins.
  void next();

 private:
  std::optional<ErrorResponse> take_head(std::string_view& bytes, std::string& passed);
  std::optional<ErrorResponse> take_body(std::string_view& bytes, std::string& passed);
  bool is_body_whole() const { return head_.framing == Framing::chunked ? chunks_.is_whole() : body_left_ == 0; }

  std::string head_text_;  ///< as far as it has come
  RequestHead head_;
  bool has_head_ = false;
  std::size_t body_left_ = 0;
  ChunkReader chunks_;
};

}  // namespace voicecast
