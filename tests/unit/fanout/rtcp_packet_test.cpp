// SPDX-License-Identifier: MIT
#include "rtp/rtcp_packet.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "fanout/rtcp_inbox.hpp"

namespace voicecast {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::uint8_t> hex(const std::string& text) {
  std::vector<std::uint8_t> bytes;
  for (std::size_t i = 0; i < text.size(); i += 2)
    bytes.push_back(static_cast<std::uint8_t>(std::stoi(text.substr(i, 2), nullptr, 16)));
  return bytes;
}

constexpr std::uint32_t ssrc = 0xCAFEBABE;

const std::string receiver_report =
    "81C90007"
    "00000001"
    "CAFEBABE"   // about us
    "40FFFFFE"   // a quarter is lost, and two have come twice
    "00010005"   // highest number
    "000001E0"   // 10 ms of jitter
    "22334455"   // our last report
    "00010000";  // came 1 s ago
const std::string nack =
    "81CD0003"
    "00000001"
    "CAFEBABE"
    "FFFE8003";  // 65534, 65535, 0, and 16 behind it

TEST(SenderReport, IsWritten) {
  EXPECT_EQ(write_rtcp({ssrc, 0x1122334455667788, 0x99AABBCC, 7, 560, "voice"}),
            hex("80C80006CAFEBABE112233445566778899AABBCC0000000700000230"
                "81CA0003CAFEBABE0105766F69636500"));
}

TEST(SenderReport, EndsItsNameOnABorder) {
  for (std::size_t length = 0; length < 300; ++length) {
    const auto packet = write_rtcp({ssrc, 0, 0, 0, 0, std::string(length, 'n')});
    ASSERT_EQ(packet.size() % 4, 0U);
    const std::size_t words = std::size_t{packet[30]} << 8 | packet[31];
    EXPECT_EQ(packet.size(), 28 + 4 * (words + 1));
    EXPECT_EQ(packet.back(), 0) << "there must be an end of the list";
    EXPECT_EQ(packet[37], std::min<std::size_t>(length, 255));
  }
}

TEST(SenderReport, IsReadInACompound) {
  const SenderReport report{ssrc, 0x1122334455667788, 0x99AABBCC, 7, 560};
  auto compound = hex("81CB0001CAFEBABE");
  const auto written = write_rtcp(report);
  compound.insert(compound.end(), written.begin(), written.end());
  const auto read = read_sender_report(compound);
  ASSERT_TRUE(read);
  EXPECT_EQ(write_sender_report(*read), write_sender_report(report));
  for (std::size_t size = 0; size < 36; ++size)
    EXPECT_FALSE(read_sender_report(std::span(compound).first(size))) << size;
  EXPECT_FALSE(read_sender_report(hex("80C8000100000001"))) << "without what it says of itself";
}

/// What rtpbin gets of a listener: no other source than who reports, and none that sends.
TEST(Reports, AreKeptOnly) {
  const std::string others =
      "82CB000200000007"
      "00000008"
      "81CA000200000009"
      "01006100";
  EXPECT_EQ(reports_in(hex(receiver_report + others + nack)), hex(receiver_report));
  const auto block = receiver_report.substr(16);
  EXPECT_EQ(reports_in(hex("81C8000C00000001" + std::string(40, '0') + block)), hex("81C9000700000001" + block));
  EXPECT_THAT(reports_in(hex(others + nack)), IsEmpty());
  EXPECT_THAT(reports_in(hex("80C9000100000001")), IsEmpty()) << "it says nothing";
  EXPECT_THAT(reports_in(hex("9FC9000100000001")), IsEmpty()) << "31 blocks that are not there";
  EXPECT_THAT(reports_in({}), IsEmpty());
}

TEST(RtcpInbox, IsBounded) {
  RtcpInbox inbox;
  for (std::size_t i = 0; i < 2 * RtcpInbox::max_waiting; ++i) inbox.put(hex(receiver_report));
  EXPECT_EQ(inbox.take().size(), RtcpInbox::max_waiting);
  EXPECT_TRUE(inbox.put(hex(nack)));
  EXPECT_EQ(inbox.take().size(), 1U);
}

TEST(Feedback, HasTheReport) {
  const auto feedback = read_rtcp(hex(receiver_report), ssrc);
  ASSERT_TRUE(feedback.report);
  EXPECT_EQ(feedback.report->fraction_lost, 64U);
  EXPECT_EQ(feedback.report->lost_packets, -2);
  EXPECT_EQ(feedback.report->jitter, 480U);
  EXPECT_EQ(feedback.report->last_report, 0x22334455U);
  EXPECT_EQ(feedback.report->delay_since_then, 0x10000U);
}

TEST(Feedback, HasSenderReport) {
  const auto block = receiver_report.substr(16);
  EXPECT_TRUE(read_rtcp(hex("81C8000C00000001" + std::string(40, '0') + block), ssrc).report);
}

TEST(Feedback, IsFoundInACompound) {
  const std::string other_block = "0000000240000001" + std::string(32, '0');
  const auto report = "82C9000D00000001" + other_block + receiver_report.substr(16);
  const std::string name =
      "81CA000200000001"
      "01006100";
  const auto feedback = read_rtcp(hex(report + name + nack), ssrc);
  ASSERT_TRUE(feedback.report);
  EXPECT_EQ(feedback.report->lost_packets, -2);
  EXPECT_THAT(feedback.missing, ElementsAre(65534, 65535, 0, 14));
}

TEST(Feedback, OfOtherSourceIsIgnored) {
  const auto feedback = read_rtcp(hex(receiver_report + nack), ssrc + 1);
  EXPECT_FALSE(feedback.report);
  EXPECT_THAT(feedback.missing, IsEmpty());
}

TEST(Feedback, OfOtherKindIsIgnored) {
  auto picture_loss = hex(nack);
  picture_loss[1] = 206;
  EXPECT_THAT(read_rtcp(picture_loss, ssrc).missing, IsEmpty());
  auto transport_wide = hex(nack);
  transport_wide[0] = 0x8F;
  EXPECT_THAT(read_rtcp(transport_wide, ssrc).missing, IsEmpty());
}

TEST(Feedback, TruncatedEndsThere) {
  const auto whole = hex(receiver_report + nack);
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const std::vector<std::uint8_t> part(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
    const auto feedback = read_rtcp(part, ssrc);
    EXPECT_EQ(feedback.report.has_value(), size >= 32);
    EXPECT_THAT(feedback.missing, IsEmpty());
  }
  auto too_many_blocks = hex(receiver_report);
  too_many_blocks[0] = 0x9F;
  EXPECT_TRUE(read_rtcp(too_many_blocks, ssrc).report);
  too_many_blocks[3] = 1;
  EXPECT_FALSE(read_rtcp(too_many_blocks, ssrc).report);
}

TEST(Feedback, RequestsPossiblePacketsOnly) {
  std::string many = "81CD004200000001CAFEBABE";
  for (int i = 0; i < 64; ++i) many += "0001FFFF";
  EXPECT_EQ(read_rtcp(hex(many), ssrc).missing.size(), ReceiverFeedback::max_missing);
}

TEST(RtcpInbox, HurriesOnlyForFeedback) {
  RtcpInbox inbox;
  EXPECT_FALSE(inbox.put(hex(receiver_report)));
  EXPECT_TRUE(inbox.put(hex(receiver_report + nack)));
  const auto cut_off = hex(receiver_report + nack.substr(0, 8));
  EXPECT_FALSE(inbox.put(cut_off));
  EXPECT_FALSE(inbox.put({}));
  const auto all = inbox.take();
  ASSERT_EQ(all.size(), 4U);
  EXPECT_EQ(all[2].compound, cut_off);
  EXPECT_THAT(inbox.take(), IsEmpty());
}

TEST(NtpTime, CountsFrom1900) {
  EXPECT_EQ(ntp_time(std::chrono::system_clock::time_point(0s)), 2208988800ULL << 32);
  EXPECT_EQ(ntp_time(std::chrono::system_clock::time_point(1500ms)), 2208988801ULL << 32 | 0x80000000);
}

TEST(RoundTrip, ExcludesTheDelay) {
  ReceiverFeedback::Report report;
  const std::uint64_t now = 0x0001'0005'8000'0000;  // the middle of it: 5.5 s
  EXPECT_FALSE(round_trip(report, now)) << "none of ours came";
  report.last_report = 0x00020000;  // 2 s
  report.delay_since_then = 0x00030000;
  EXPECT_EQ(round_trip(report, now), std::chrono::duration<double>(0.5));
  report.delay_since_then = 0x00038001;
  EXPECT_EQ(round_trip(report, now), std::chrono::duration<double>(0)) << "rounding";
  report.last_report = 0xFF000000;
  report.delay_since_then = 0;
  EXPECT_FALSE(round_trip(report, now)) << "of another time";
}

}  // namespace
}  // namespace voicecast
