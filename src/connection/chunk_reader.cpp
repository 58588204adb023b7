// SPDX-License-Identifier: MIT
#include "connection/chunk_reader.hpp"

#include <glib.h>

#include <algorithm>
#include <charconv>
#include <utility>

#include "connection/request_head.hpp"

namespace voicecast {
namespace {

/// A reverse proxy sends a chunk for each piece that it got, 1 kB and more.
constexpr std::size_t max_lines_bytes = 16 * 1024;

constexpr std::size_t max_line_bytes = 4096;

ErrorResponse bad_chunk() { return {400, "Bad request: broken chunked encoding"}; }

std::optional<std::size_t> read_size(std::string_view line) {
  const auto digits = line.substr(0, line.find_first_of("; \t"));
  std::size_t size = 0;
  const auto [end, problem] = std::from_chars(digits.data(), digits.data() + digits.size(), size, 16);
  const bool is_size = !digits.empty() && problem == std::errc() && end == digits.data() + digits.size();
  return is_size ? std::optional(size) : std::nullopt;
}

std::string size_line(std::size_t size) {
  char text[20];
  const auto [end, problem] = std::to_chars(text, text + sizeof text, size, 16);
  return std::string(text, end) + "\r\n";
}

}  // namespace

std::optional<ErrorResponse> ChunkReader::take(std::string_view& bytes, std::string& passed) {
  while (!bytes.empty() && !is_whole()) {
    if (state_ == State::data)
      take_data(bytes, passed);
    else if (auto error = take_line(bytes, passed))
      return error;
  }
  return std::nullopt;
}

void ChunkReader::take_data(std::string_view& bytes, std::string& passed) {
  const auto part = bytes.substr(0, left_);
  passed += size_line(part.size()) + std::string(part) + "\r\n";
  left_ -= part.size();
  bytes.remove_prefix(part.size());
  if (left_ == 0) state_ = State::data_end;
}

std::optional<ErrorResponse> ChunkReader::take_line(std::string_view& bytes, std::string& passed) {
  const auto end = bytes.find('\n');
  const auto part = bytes.substr(0, end);
  line_ += part.substr(0, max_line_bytes);
  const bool has_end = end != bytes.npos;
  lines_bytes_ += part.size() + has_end;
  bytes.remove_prefix(part.size() + has_end);
  if (part.size() > max_line_bytes || line_.size() > max_line_bytes || lines_bytes_ > max_lines_bytes)
    return bad_chunk();
  if (!has_end) return std::nullopt;
  if (!line_.ends_with('\r')) return bad_chunk();
  line_.pop_back();
  const auto line = std::exchange(line_, {});
  if (state_ == State::size) return begin_chunk(line);
  if (state_ == State::data_end) {
    state_ = State::size;
    return line.empty() ? std::nullopt : std::optional(bad_chunk());
  }
  if (!line.empty()) return std::nullopt;  // a trailer
  state_ = State::whole;
  passed += "0\r\n\r\n";
  return std::nullopt;
}

std::optional<ErrorResponse> ChunkReader::begin_chunk(std::string_view line) {
  const auto size = read_size(line);
  if (!size) return bad_chunk();
  if (*size > max_body_bytes - body_bytes_) return ErrorResponse{413, "The body is too large: 64 KiB at most"};
  body_bytes_ += *size;
  left_ = *size;
  state_ = *size == 0 ? State::trailer : State::data;
  return std::nullopt;
}

}  // namespace voicecast
