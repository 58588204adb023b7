// SPDX-License-Identifier: MIT
#include "rtp/packet_kind.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace voicecast {
namespace {

struct Sample {
  const char* name;
  std::uint8_t first, second;
  std::size_t shortest;
  PacketKind kind;
};

/// The borders of RFC 7983 §7 and RFC 5761 §4.
constexpr Sample samples[]{
    {"first of STUN", 0, 1, 20, PacketKind::stun},
    {"last of STUN", 3, 255, 20, PacketKind::stun},
    {"first of DTLS", 20, 0xFE, 13, PacketKind::dtls},
    {"last of DTLS", 63, 0xFE, 13, PacketKind::dtls},
    {"RTP of payload type 0", 128, 0, 16, PacketKind::rtp},
    {"RTP of payload type 63 with a marker", 191, 0x80 | 63, 16, PacketKind::rtp},
    {"RTP of payload type 96", 128, 96, 16, PacketKind::rtp},
    {"sender report", 128, 200, 22, PacketKind::rtcp},
    {"receiver report", 191, 201, 22, PacketKind::rtcp},
    {"goodbye of one", 129, 203, 22, PacketKind::rtcp},
    {"feedback without a report", 129, 205, 22, PacketKind::rtcp},
    {"last of feedback", 129, 206, 22, PacketKind::rtcp},
};

std::vector<std::uint8_t> packet(const Sample& sample, std::size_t size) {
  std::vector<std::uint8_t> bytes(size, 0xA5);
  if (size > 0) bytes[0] = sample.first;
  if (size > 1) bytes[1] = sample.second;
  return bytes;
}

TEST(PacketKind, IsDetectedByFirstBytes) {
  for (const auto& sample : samples) {
    EXPECT_EQ(kind_of(packet(sample, sample.shortest)), sample.kind) << sample.name;
    EXPECT_EQ(kind_of(packet(sample, max_packet_bytes)), sample.kind) << sample.name;
  }
}

TEST(PacketKind, TruncatedIsMalformed) {
  for (const auto& sample : samples)
    for (std::size_t size = 0; size < sample.shortest; ++size)
      EXPECT_EQ(kind_of(packet(sample, size)), PacketKind::malformed) << sample.name << ", " << size << " bytes";
}

TEST(PacketKind, RtcpWithoutSourceIsMalformed) {
  for (unsigned type = 192; type < 224; ++type) {
    const bool is_used = type == 200 || type == 201 || (type >= 203 && type <= 206);
    const auto bytes = packet({"", 129, static_cast<std::uint8_t>(type), 0, {}}, 100);
    EXPECT_EQ(kind_of(bytes), is_used ? PacketKind::rtcp : PacketKind::malformed) << type;
  }
  EXPECT_EQ(kind_of(packet({"", 128, 203, 0, {}}, 100)), PacketKind::malformed) << "a goodbye of nobody";
}

TEST(PacketKind, OtherFirstBytesAreMalformed) {
  for (unsigned first = 0; first < 256; ++first) {
    const bool is_used = first <= 3 || (first >= 20 && first <= 63) || (first >= 128 && first <= 191);
    const auto bytes = packet({"", static_cast<std::uint8_t>(first), 0, 0, {}}, 100);
    EXPECT_EQ(kind_of(bytes) == PacketKind::malformed, !is_used) << first;
  }
}

}  // namespace
}  // namespace voicecast
