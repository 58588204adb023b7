// SPDX-License-Identifier: MIT
#include "connection/frame_reader.hpp"

#include <algorithm>
#include <utility>

namespace voicecast {
namespace {

constexpr unsigned length_of_2_bytes = 126, length_of_8_bytes = 127;
constexpr std::size_t first_bytes = 2, mask_bytes = 4;

unsigned byte_of(std::string_view header, std::size_t at) { return static_cast<unsigned char>(header[at]); }

std::size_t length_bytes(std::string_view header) {
  const auto length = byte_of(header, 1) & 0x7F;
  return length == length_of_2_bytes ? 2 : length == length_of_8_bytes ? 8 : 0;
}

std::size_t size_of(std::string_view header) {
  if (header.size() < first_bytes) return first_bytes;
  return first_bytes + length_bytes(header) + (byte_of(header, 1) & 0x80 ? mask_bytes : 0);
}

FrameHeader parse(std::string_view header) {
  FrameHeader frame;
  const auto first = byte_of(header, 0), second = byte_of(header, 1);
  frame.is_final = first & 0x80;
  frame.reserved = (first >> 4) & 7;
  frame.opcode = first & 0x0F;
  frame.is_masked = second & 0x80;
  const auto bytes = length_bytes(header);
  if (bytes == 0) {
    frame.payload_bytes = second & 0x7F;
    return frame;
  }
  for (std::size_t i = 0; i < bytes; ++i)
    frame.payload_bytes = frame.payload_bytes << 8 | byte_of(header, first_bytes + i);
  frame.is_shortest = frame.payload_bytes >= (bytes == 2 ? length_of_2_bytes : 0x10000U);
  return frame;
}

}  // namespace

std::optional<FrameHeader> FrameReader::take_header(std::string_view& bytes) {
  if (!std::exchange(is_in_header_, true)) header_.clear();
  for (auto missing = size_of(header_) - header_.size(); missing > 0; missing = size_of(header_) - header_.size()) {
    const auto part = bytes.substr(0, missing);
    header_ += part;
    bytes.remove_prefix(part.size());
    if (part.size() < missing) return std::nullopt;
  }
  is_in_header_ = false;
  const auto frame = parse(header_);
  payload_left_ = frame.payload_bytes;
  return frame;
}

std::string_view FrameReader::take_payload(std::string_view& bytes) {
  const auto part = bytes.substr(0, std::min<std::uint64_t>(payload_left_, bytes.size()));
  payload_left_ -= part.size();
  bytes.remove_prefix(part.size());
  return part;
}

std::string close_frame(unsigned code, std::string_view words) {
  std::string frame{'\x88', static_cast<char>(2 + words.size()), static_cast<char>(code >> 8),
                    static_cast<char>(code & 0xFF)};
  return frame += words;
}

}  // namespace voicecast
