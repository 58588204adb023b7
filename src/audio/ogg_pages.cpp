// SPDX-License-Identifier: MIT
#include "audio/ogg_pages.hpp"

#include <array>
#include <utility>

#include "rtp/opus_packet.hpp"

namespace voicecast {
namespace {

constexpr std::uint8_t first_page = 2, last_page = 4;  // RFC 3533 §6
constexpr std::size_t segment_bytes = 255, max_segments = 255;
constexpr std::size_t page_samples = opus_rate_hz / 10;

/// RFC 3533 §6: the polynomial 0x04c11db7, not reflected, initial value and final XOR 0.
constexpr std::array<std::uint32_t, 256> make_crc_table() {
  std::array<std::uint32_t, 256> table{};
  for (std::uint32_t i = 0; i < table.size(); ++i) {
    table[i] = i << 24;
    for (int bit = 0; bit < 8; ++bit) table[i] = table[i] << 1 ^ (table[i] >> 31 != 0 ? 0x04c11db7U : 0U);
  }
  return table;
}

std::uint32_t crc_of(std::string_view bytes) {
  static constexpr auto table = make_crc_table();
  std::uint32_t crc = 0;
  for (const char byte : bytes) crc = crc << 8 ^ table[(crc >> 24 ^ static_cast<std::uint8_t>(byte)) & 0xFF];
  return crc;
}

template <class Number>
void append(std::string& to, Number number) {
  for (std::size_t i = 0; i < sizeof number; ++i) to += static_cast<char>(number >> 8 * i & 0xFF);
}

void append_text(std::string& to, std::string_view text) {
  append(to, static_cast<std::uint32_t>(text.size()));
  to += text;
}

/// RFC 7845 §5.1. Pre-skip is 0: the first packet may not be the encoder's first.
std::string opus_head() {
  constexpr char version = 1, channels = 2, mapping_family = 0;
  constexpr std::uint16_t pre_skip = 0, gain = 0;
  std::string head = "OpusHead";
  head += version;
  head += channels;
  append(head, pre_skip);
  append(head, static_cast<std::uint32_t>(opus_rate_hz));
  append(head, gain);
  head += mapping_family;
  return head;
}

/// RFC 7845 §5.2.
std::string opus_tags(std::string_view title) {
  std::string tags = "OpusTags";
  append_text(tags, "voicecast " VOICECAST_VERSION);
  append(tags, std::uint32_t{title.empty() ? 0U : 1U});
  if (!title.empty()) append_text(tags, "TITLE=" + std::string(title));
  return tags;
}

/// RFC 3533 §5: full segments of 255 bytes, and a last shorter one, which may be empty.
void append_segments(std::string& segments, std::size_t size) {
  segments.append(size / segment_bytes, static_cast<char>(segment_bytes));
  segments += static_cast<char>(size % segment_bytes);
}

}  // namespace

OggPages::OggPages(std::uint32_t serial, std::string_view title) : serial_(serial) {
  std::uint8_t flags = first_page;
  for (const auto& packet : {opus_head(), opus_tags(title)}) {
    append_segments(segments_, packet.size());
    packets_ += packet;
    header_ += page(std::exchange(flags, std::uint8_t{0}));
  }
}

std::string OggPages::add(std::span<const std::uint8_t> packet, std::size_t samples) {
  std::string done;
  if (segments_.size() + packet.size() / segment_bytes + 1 > max_segments) done = page(0);
  append_segments(segments_, packet.size());
  packets_.append(reinterpret_cast<const char*>(packet.data()), packet.size());
  position_ += samples;
  if (position_ - paged_ >= page_samples) done += page(0);
  return done;
}

std::string OggPages::end() { return page(last_page); }

/// RFC 3533 §6. The granule position is the end of the last packet that ends in the page.
std::string OggPages::page(std::uint8_t flags) {
  constexpr std::size_t checksum_at = 22;
  std::string page = "OggS";
  page += '\0';
  page += static_cast<char>(flags);
  append(page, position_);
  append(page, serial_);
  append(page, number_++);
  append(page, std::uint32_t{0});
  page += static_cast<char>(segments_.size());
  page += segments_;
  page += packets_;
  std::string checksum;
  append(checksum, crc_of(page));
  page.replace(checksum_at, checksum.size(), checksum);
  paged_ = position_;
  segments_.clear();
  packets_.clear();
  return page;
}

}  // namespace voicecast
