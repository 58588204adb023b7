// SPDX-License-Identifier: MIT
#include "rtp/opus_packet.hpp"

#include <optional>

namespace voicecast {
namespace {

using Bytes = std::span<const std::uint8_t>;

constexpr std::size_t max_frame_bytes = 1275;

/// Takes a frame length (RFC 6716 §3.2.1), one or two bytes, from the front.
std::optional<std::size_t> take_length(Bytes& bytes) {
  constexpr std::size_t first_of_two_bytes = 252;
  if (bytes.empty()) return std::nullopt;
  std::size_t length = bytes[0];
  std::size_t used = 1;
  if (length >= first_of_two_bytes) {
    if (bytes.size() < 2) return std::nullopt;
    length += 4 * std::size_t{bytes[1]};
    used = 2;
  }
  bytes = bytes.subspan(used);
  return length;
}

/// Drops the padding of code 3 (RFC 6716 §3.2.5): the length at the front, and that number of bytes at the end.
bool drop_padding(Bytes& bytes) {
  std::size_t padding = 0;
  for (bool goes_on = true; goes_on;) {
    if (bytes.empty()) return false;
    goes_on = bytes[0] == 255;
    padding += goes_on ? 254 : bytes[0];
    bytes = bytes.subspan(1);
  }
  if (padding > bytes.size()) return false;
  bytes = bytes.first(bytes.size() - padding);
  return true;
}

bool has_equal_frames(Bytes frames, std::size_t count) {
  return frames.size() % count == 0 && frames.size() / count <= max_frame_bytes;
}

/// Each frame except the last is preceded by its length.
bool has_own_lengths(Bytes bytes, std::size_t count) {
  std::size_t sum = 0;
  for (std::size_t i = 1; i < count; ++i) {
    const auto length = take_length(bytes);
    if (!length || *length > max_frame_bytes) return false;
    sum += *length;
  }
  return sum <= bytes.size() && bytes.size() - sum <= max_frame_bytes;
}

/// The number of frames of a code 3 packet (RFC 6716 §3.2.5) after its first byte; 0 for a malformed one.
std::size_t frames_of_code_3(Bytes bytes) {
  constexpr std::uint8_t own_lengths_bit = 0x80, padding_bit = 0x40, count_bits = 0x3F;
  if (bytes.empty()) return 0;
  const auto head = bytes[0];
  const std::size_t count = head & count_bits;
  bytes = bytes.subspan(1);
  if (count == 0 || ((head & padding_bit) != 0 && !drop_padding(bytes))) return 0;
  const bool is_good = (head & own_lengths_bit) != 0 ? has_own_lengths(bytes, count) : has_equal_frames(bytes, count);
  return is_good ? count : 0;
}

std::size_t frame_count(std::uint8_t code, Bytes frames) {
  switch (code) {
    case 0:
      return has_equal_frames(frames, 1) ? 1 : 0;
    case 1:
      return has_equal_frames(frames, 2) ? 2 : 0;
    case 2:
      return has_own_lengths(frames, 2) ? 2 : 0;
    default:
      return frames_of_code_3(frames);
  }
}

}  // namespace

/// SILK has four frame lengths, hybrid two, CELT four.
std::size_t opus_frame_samples(std::uint8_t toc) {
  constexpr std::size_t silk[] = {480, 960, 1920, 2880};
  const unsigned configuration = toc >> 3;
  if (configuration < 12) return silk[configuration & 3];
  if (configuration < 16) return silk[configuration & 1];
  return opus_min_samples << (configuration & 3);
}

std::size_t opus_samples(Bytes packet) {
  if (packet.empty()) return 0;
  const auto samples = opus_frame_samples(packet[0]) * frame_count(packet[0] & 3, packet.subspan(1));
  return samples <= opus_max_samples ? samples : 0;
}

}  // namespace voicecast
