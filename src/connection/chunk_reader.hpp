// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "connection/error_response.hpp"

namespace voicecast {

/// Parses a chunked body (RFC 9112 §7.1) up to the limit of a body, and rewrites it without extensions and trailers,
/// which programs interpret differently. Pure.
class ChunkReader {
 public:
  /// As RequestReader::take.
  std::optional<ErrorResponse> take(std::string_view& bytes, std::string& passed);
  bool is_whole() const { return state_ == State::whole; }

 private:
  enum class State { size, data, data_end, trailer, whole };
  std::optional<ErrorResponse> take_line(std::string_view& bytes, std::string& passed);
  std::optional<ErrorResponse> begin_chunk(std::string_view line);
  void take_data(std::string_view& bytes, std::string& passed);

  State state_ = State::size;
  std::string line_;             ///< the part received so far
  std::size_t lines_bytes_ = 0;  ///< of all lines: sizes, extensions and trailers
  std::size_t left_ = 0;         ///< bytes of the current chunk
  std::size_t body_bytes_ = 0;   ///< of all chunks
};

}  // namespace voicecast
