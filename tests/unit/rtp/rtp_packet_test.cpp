// SPDX-License-Identifier: MIT
#include "rtp/rtp_packet.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace voicecast {
namespace {

/// Version 2, a contributing source, payload type 111 with a marker, number 7, time 960, "voice".
std::vector<std::uint8_t> packet_of(const std::string& payload = "voice", bool has_extension = false) {
  std::vector<std::uint8_t> packet{0x81, 0xEF, 0, 7, 0, 0, 3, 0xC0, 0xCA, 0xFE, 0xBA, 0xBE, 0, 0, 0, 77};
  if (has_extension) {
    packet[0] |= rtp::extension_bit;
    packet.insert(packet.end(), {0xBE, 0xDE, 0, 1, 0x10, 0xFF, 0, 0});
  }
  packet.insert(packet.end(), payload.begin(), payload.end());
  return packet;
}

std::string text_of(std::span<const std::uint8_t> bytes) { return {bytes.begin(), bytes.end()}; }

TEST(RtpPacket, ReadsAllFields) {
  for (const bool has_extension : {false, true}) {
    const auto bytes = packet_of("voice", has_extension);
    const auto packet = read_rtp(bytes);
    ASSERT_TRUE(packet);
    EXPECT_EQ(packet->payload_type(), 111U);
    EXPECT_EQ(packet->sequence, 7);
    EXPECT_EQ(packet->timestamp, 960U);
    EXPECT_EQ(packet->ssrc, 0xCAFEBABEU);
    EXPECT_EQ(packet->header.size(), 16U);
    EXPECT_EQ(text_of(packet->payload), "voice");
    EXPECT_EQ(text_of(*unpadded_payload(*packet)), "voice");
  }
}

TEST(RtpPacket, RejectsCutHeadersAndOtherVersions) {
  const auto whole = packet_of("", true);
  for (std::size_t size = 0; size < whole.size(); ++size) EXPECT_FALSE(read_rtp(std::span(whole).first(size))) << size;
  ASSERT_TRUE(read_rtp(whole));
  auto other = whole;
  other[0] = static_cast<std::uint8_t>(other[0] ^ 0xC0);
  EXPECT_FALSE(read_rtp(other));
}

TEST(RtpPacket, TakesPaddingOffThePayload) {
  const auto unpadded = [](std::string payload) -> std::string {
    auto bytes = packet_of(payload);
    bytes[0] |= rtp::padding_bit;
    const auto rest = unpadded_payload(*read_rtp(bytes));
    return rest ? text_of(*rest) : "invalid";
  };
  EXPECT_EQ(unpadded(std::string("voice\0\0\3", 8)), "voice");
  EXPECT_EQ(unpadded("voice\1"), "voice");
  EXPECT_EQ(unpadded(std::string("\0\2", 2)), "");
  EXPECT_EQ(unpadded("\2"), "invalid");
  EXPECT_EQ(unpadded(std::string("voice\0", 6)), "invalid");
  EXPECT_EQ(unpadded(""), "invalid");
}

TEST(RtpPacket, PlainHeaderHasTheReceiversPayloadTypeAndNoExtension) {
  const auto bytes = packet_of("voice", true);
  const auto packet = read_rtp(bytes);
  const auto header = plain_header(*packet, 96);
  auto expected = packet_of("");
  expected[1] = 0x80 | 96;
  EXPECT_EQ(std::vector(header.begin(), header.begin() + packet->header.size()), expected);
}

}  // namespace
}  // namespace voicecast
