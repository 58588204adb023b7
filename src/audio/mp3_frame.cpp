// SPDX-License-Identifier: MIT
#include "audio/mp3_frame.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace voicecast {
namespace {

// ISO 11172-3 §2.4.2.3, Layer III. Index 0 is free format, 15 is forbidden.
constexpr std::array<unsigned, 15> bitrates_kbps = {0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320};

/// The four bits of the bitrate: an index of the table above.
std::optional<unsigned> bitrate_index(unsigned bitrate_kbps) {
  const auto found = std::find(bitrates_kbps.begin() + 1, bitrates_kbps.end(), bitrate_kbps);
  if (found == bitrates_kbps.end()) return {};
  return static_cast<unsigned>(found - bitrates_kbps.begin());
}

/// §2.4.3.1: the bytes of a frame's duration, rounded down, and the padding that compensates.
constexpr std::size_t frame_bytes(unsigned bitrate_kbps, bool is_padded) {
  return mp3_samples_per_frame / 8 * bitrate_kbps * 1000 / mp3_sample_rate_hz + (is_padded ? 1 : 0);
}

std::size_t byte_at(std::string_view bytes, std::size_t i) { return static_cast<unsigned char>(bytes[i]); }

/// The offset of a frame's side information (§2.4.1.7): after the header and the optional CRC.
struct SideInfo {
  std::size_t begin = 0;
  std::size_t end = 0;
};

/// Nothing unless `frame` is complete.
std::optional<SideInfo> find_side_info(std::string_view frame) {
  const auto header = parse_mp3_header(frame);
  if (!header || header->frame_bytes != frame.size()) return {};
  const bool has_crc = (byte_at(frame, 1) & 1) == 0;
  const std::size_t begin = has_crc ? 6 : 4;
  return SideInfo{begin, begin + (header->channels == 1 ? 17 : 32)};
}

/// main_data_begin, the first nine bits: the bytes of earlier frames' main data that this frame begins with.
std::size_t main_data_begin(std::string_view frame, const SideInfo& side_info) {
  return byte_at(frame, side_info.begin) << 1 | byte_at(frame, side_info.begin + 1) >> 7;
}

/// Mutes a frame by clearing its side information. Later frames still find its main data: they count back from their
/// own start. main_data_begin stays, limited to the available bytes: mpg123 1.31 keeps no more from one frame to the
/// next.
std::string mute(std::string_view frame, const SideInfo& side_info, std::size_t main_data_begin) {
  std::string muted(frame);
  std::fill(muted.begin() + 4, muted.begin() + static_cast<std::ptrdiff_t>(side_info.end), '\0');
  muted[1] |= 1;  // no CRC: it would be wrong
  muted[4] = static_cast<char>(main_data_begin >> 1);
  muted[5] = static_cast<char>((main_data_begin & 1) << 7);
  return muted;
}

}  // namespace

std::optional<Mp3Header> parse_mp3_header(std::string_view bytes) {
  if (bytes.size() < 4) return {};
  // Sync word, ID (MPEG-1), layer (III); the last bit (a CRC follows) does not matter here.
  if (byte_at(bytes, 0) != 0xff || (byte_at(bytes, 1) & 0xfe) != 0xfa) return {};
  const auto bitrate = byte_at(bytes, 2) >> 4;
  const auto sample_rate = (byte_at(bytes, 2) >> 2) & 3;  // 0 is 44.1 kHz
  const auto mode = byte_at(bytes, 3) >> 6;               // 3 is one channel
  const auto emphasis = byte_at(bytes, 3) & 3;            // 2 is reserved
  if (bitrate == 0 || bitrate == 15 || sample_rate != 0 || emphasis == 2) return {};
  const bool is_padded = (byte_at(bytes, 2) & 2) != 0;
  const unsigned kbps = bitrates_kbps[bitrate];
  return Mp3Header{kbps, mp3_sample_rate_hz, mode == 3 ? 1u : 2u, is_padded, frame_bytes(kbps, is_padded)};
}

std::string silent_frame(unsigned bitrate_kbps) {
  const auto index = bitrate_index(bitrate_kbps);
  if (!index) return {};
  // Zeros after the header are the side information (§2.4.1.7) of two empty granules: nothing to decode.
  std::string frame(frame_bytes(bitrate_kbps, false), '\0');
  frame[0] = '\xff';
  frame[1] = '\xfb';  // MPEG-1, Layer III, no CRC
  frame[2] = static_cast<char>(*index << 4);
  frame[3] = '\x44';  // joint stereo and "original", like LAME's frames: a player sees one format
  return frame;
}

std::string CleanJoin::pass(std::string_view frame) {
  const auto side_info = find_side_info(frame);
  if (!side_info) return std::string(frame);
  const auto wanted = main_data_begin(frame, *side_info);
  const auto there = std::exchange(main_data_passed_, main_data_passed_ + frame.size() - side_info->end);
  return wanted <= there ? std::string(frame) : mute(frame, *side_info, there);
}

std::size_t SilencePacer::due(std::chrono::nanoseconds elapsed) {
  const auto total = std::chrono::floor<Mp3Frames>(elapsed) + lead_;
  const auto fresh = std::max(total - given_, Mp3Frames(0));
  given_ += fresh;
  return static_cast<std::size_t>(fresh.count());
}

}  // namespace voicecast
