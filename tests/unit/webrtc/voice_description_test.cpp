// SPDX-License-Identifier: MIT
#include "webrtc/voice_description.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "sdp/description_text.hpp"
#include "sdp/sdp_sections.hpp"

namespace voicecast {
namespace {

using testing::HasSubstr;
using testing::Not;

VoiceTerms some_terms() { return {{111, 12345, false}, "name", true, "sha-256 AB:CD"}; }

RemoteDescription some_offer() {
  RemoteDescription offer;
  offer.mid = "0";
  offer.is_bundled = true;
  offer.setup = "actpass";
  offer.direction = "recvonly";
  return offer;
}

std::string offered(const VoiceTerms& terms) { return to_sdp(offer_voice(terms, 7)); }
std::string answered(const VoiceTerms& terms, const RemoteDescription& offer) {
  return to_sdp(answer_with_voice(terms, offer, 7));
}

TEST(VoiceDescription, OffersOneVoice) {
  EXPECT_EQ(offered(some_terms()),
            "v=0\r\no=- 7 0 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\na=ice-options:trickle\r\na=group:BUNDLE audio0\r\n"
            "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\nc=IN IP4 0.0.0.0\r\na=ice-ufrag:\r\na=ice-pwd:\r\na=mid:audio0\r\n"
            "a=rtcp-mux\r\na=rtcp-rsize\r\na=rtcp-mux-only\r\na=setup:actpass\r\na=rtpmap:111 OPUS/48000/2\r\n"
            "a=rtcp-fb:111 nack\r\na=fmtp:111 minptime=10;useinbandfec=1\r\na=ssrc:12345 msid:name voice\r\n"
            "a=ssrc:12345 cname:name\r\na=sendonly\r\na=fingerprint:sha-256 AB:CD\r\n");
}

TEST(VoiceDescription, OffersStereoOfAStereoVoice) {
  auto terms = some_terms();
  terms.format.is_stereo = true;
  EXPECT_THAT(offered(terms), HasSubstr("useinbandfec=1;stereo=1;sprop-stereo=1\r\n"));
}

TEST(VoiceDescription, AnswersStereoWhereEitherSideHasIt) {
  auto offer = some_offer();
  EXPECT_THAT(answered(some_terms(), offer), Not(HasSubstr("stereo")));
  offer.is_stereo = true;
  EXPECT_THAT(answered(some_terms(), offer), HasSubstr("useinbandfec=1;stereo=1\r\n"));
  auto terms = some_terms();
  terms.format.is_stereo = true;
  EXPECT_THAT(answered(terms, some_offer()), HasSubstr("useinbandfec=1;stereo=1;sprop-stereo=1\r\n"));
}

TEST(VoiceDescription, AnswersNacksIfBothDo) {
  auto offer = some_offer();
  auto terms = some_terms();
  EXPECT_THAT(answered(terms, offer), Not(HasSubstr("nack")));
  offer.resends = true;
  EXPECT_THAT(answered(terms, offer), HasSubstr("a=rtcp-fb:111 nack\r\n"));
  terms.resends = false;
  EXPECT_THAT(answered(terms, offer), Not(HasSubstr("nack")));
}

TEST(VoiceDescription, TakesTheOtherRoleOfDtls) {  // RFC 5763 §5
  auto offer = some_offer();
  for (const auto& [theirs, ours] : {std::pair("actpass", "active"), {"active", "passive"}, {"passive", "active"}}) {
    offer.setup = theirs;
    EXPECT_EQ(answer_with_voice(some_terms(), offer, 7).setup, ours);
  }
}

/// Each recorded offer, as if its client wanted to receive.
TEST(VoiceDescription, AnswersEachRecordedOffer) {
  const auto folder = std::filesystem::path(VOICECAST_SOURCE_DIR) / "tests" / "offers";
  unsigned count = 0;
  for (const auto& file : std::filesystem::directory_iterator(folder)) {
    if (file.path().extension() != ".sdp") continue;
    std::ifstream in(file.path(), std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(in), {}};
    const auto offer = read_restart(text);
    ASSERT_TRUE(offer) << file.path();
    auto terms = some_terms();
    terms.format.payload_type = offer->payload_type;
    auto answer = answer_with_voice(terms, *offer, 7);
    answer.answer(*offer);
    answer.ice = {"ufrag", "a-password-of-22-chars", {}};
    const auto sdp = to_sdp(answer);
    const auto theirs = read_sections(text), ours = read_sections(sdp);
    ASSERT_TRUE(ours) << sdp;
    ASSERT_EQ(ours->medias.size(), theirs->medias.size()) << "an m-line for each (RFC 3264 §6): " << file.path();
    for (std::size_t i = 0; i < ours->medias.size(); ++i) {
      EXPECT_EQ(ours->medias[i].media, theirs->medias[i].media) << file.path();
      EXPECT_EQ(ours->medias[i].mid, theirs->medias[i].mid) << file.path();
    }
    const auto& audio = ours->medias[offer->mline_index];
    EXPECT_EQ(audio.payload_types, std::vector{offer->payload_type}) << file.path();
    EXPECT_EQ(audio.direction, "sendonly") << file.path();
    EXPECT_TRUE(audio.has_rtcp_mux) << file.path();
    EXPECT_EQ(ours->session.bundle.empty(), !offer->is_bundled) << file.path();
    ++count;
  }
  EXPECT_GE(count, 26U);
}

}  // namespace
}  // namespace voicecast
