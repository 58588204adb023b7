// SPDX-License-Identifier: MIT
#include "sdp/description.hpp"

#include <gst/sdp/sdp.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>

#include "sdp/description_text.hpp"
#include "sdp/local_description.hpp"
#include "sdp/sdp_sections.hpp"

namespace voicecast {
namespace {

const std::string fingerprint =
    "sha-256 03:D6:6D:D0:88:35:C1:CA:3F:12:8C:CE:AC:D1:F3:1A:C9:41:63:09:6B:20:F4:45:AE:84:28:5B:C0:83:2D:72";

/// An offer as Chromium makes it, cut down to what matters. Tests replace parts of it.
const std::string offer =
    "v=0\r\no=- 4611 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=group:BUNDLE 0\r\na=extmap-allow-mixed\r\n"
    "a=msid-semantic: WMS x\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111 63 9 0 8 13 110 126\r\nc=IN IP4 0.0.0.0\r\n"
    "a=rtcp:9 IN IP4 0.0.0.0\r\na=candidate:1 1 udp 2113937151 192.168.1.5 50000 typ host generation 0\r\n"
    "a=ice-ufrag:EsAw\r\na=ice-pwd:P2uYro0UCOQ4zxjKXaWCBui1\r\na=ice-options:trickle\r\na=fingerprint:" +
    fingerprint +
    "\r\na=setup:actpass\r\na=mid:0\r\na=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level\r\na=sendonly\r\n"
    "a=msid:x y\r\na=rtcp-mux\r\na=rtcp-rsize\r\na=rtpmap:111 opus/48000/2\r\na=rtcp-fb:111 transport-cc\r\n"
    "a=fmtp:111 minptime=10;useinbandfec=1\r\na=rtpmap:63 red/48000/2\r\na=fmtp:63 111/111\r\n"
    "a=rtpmap:9 G722/8000\r\na=ssrc:3735928559 cname:ab\r\na=ssrc:3735928559 msid:x y\r\n";

const std::string video =
    "m=video 9 UDP/TLS/RTP/SAVPF 96 97\r\nc=IN IP4 0.0.0.0\r\na=mid:v\r\na=rtcp-mux\r\na=rtpmap:96 VP8/90000\r\n"
    "a=rtpmap:97 rtx/90000\r\na=fmtp:97 apt=96\r\n"
    "a=ice-ufrag:EsAw\r\na=ice-pwd:P2uYro0UCOQ4zxjKXaWCBui1\r\na=fingerprint:" +
    fingerprint + "\r\na=setup:actpass\r\n";

std::string replaced(std::string text, const std::string& part, const std::string& by) {
  const auto at = text.find(part);
  EXPECT_NE(at, std::string::npos) << part;
  return text.replace(at, part.size(), by);
}

std::string without_line(const std::string& text, const std::string& start) {
  const auto at = text.find(start);
  EXPECT_NE(at, std::string::npos) << start;
  return text.substr(0, at) + text.substr(text.find("\r\n", at) + 2);
}

std::string many(const std::string& text, std::size_t times) {
  std::string all;
  for (std::size_t i = 0; i < times; ++i) all += text;
  return all;
}

bool contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

TEST(Offer, OfChromiumIsRead) {
  const auto d = read_offer(offer);
  ASSERT_TRUE(d) << d.error().message;
  EXPECT_EQ(d->mid, "0");
  EXPECT_TRUE(d->is_bundled);
  EXPECT_EQ(d->mline_index, 0U);
  EXPECT_EQ(d->payload_type, 111U);
  EXPECT_EQ(d->direction, "sendonly");
  EXPECT_EQ(d->setup, "actpass");
  EXPECT_EQ(d->ice_ufrag, "EsAw");
  EXPECT_EQ(d->ice_pwd, "P2uYro0UCOQ4zxjKXaWCBui1");
  EXPECT_EQ(d->fingerprint, fingerprint);
  EXPECT_EQ(d->ssrc, 3735928559U);
  EXPECT_FALSE(d->is_stereo);
  ASSERT_EQ(d->candidates.size(), 1U);
  EXPECT_EQ(d->candidates[0], "candidate:1 1 UDP 2113937151 192.168.1.5 50000 typ host");
}

TEST(Offer, MayHaveNoUsableSource) {
  for (const auto* source : {"0", "00", "none", "4294967296"}) {
    auto text = std::string(offer);
    for (std::size_t at = 0; (at = text.find("3735928559", at)) != std::string::npos;) text.replace(at, 10, source);
    const auto d = read_offer(text);
    ASSERT_TRUE(d) << d.error().message;
    EXPECT_FALSE(d->ssrc) << source;
  }
}

TEST(Offer, ForWebrtcbinContainsValidatedPartsOnly) {
  const auto sdp = to_sdp(*read_offer(offer));
  GstSDPMessage* raw = nullptr;
  ASSERT_EQ(gst_sdp_message_new_from_text(sdp.c_str(), &raw), GST_SDP_OK);
  const std::unique_ptr<GstSDPMessage, decltype(&gst_sdp_message_free)> message(raw, &gst_sdp_message_free);
  EXPECT_EQ(gst_sdp_message_medias_len(raw), 1U);
  EXPECT_TRUE(contains(sdp, "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\n"));
  EXPECT_TRUE(contains(sdp, "a=fmtp:111 minptime=10;useinbandfec=1\r\n"));
  for (const auto* unknown : {"extmap", "transport-cc", "msid", "red/", "G722", "generation"})
    EXPECT_FALSE(contains(sdp, unknown)) << unknown;
}

TEST(Offer, KeepsStereo) {
  const auto d = read_offer(replaced(offer, "useinbandfec=1", "stereo=1; sprop-stereo=1;useinbandfec=0"));
  ASSERT_TRUE(d);
  EXPECT_TRUE(d->is_stereo);
  EXPECT_TRUE(d->sends_stereo);
  EXPECT_TRUE(contains(to_sdp(*d), "useinbandfec=1;stereo=1;sprop-stereo=1\r\n"));
}

TEST(Offer, AnotherPayloadTypeIsKept) {
  auto text = replaced(offer, "SAVPF 111", "SAVPF 109");
  text = replaced(text, "rtpmap:111", "rtpmap:109");
  EXPECT_EQ(read_offer(text)->payload_type, 109U);
}

TEST(Offer, MayHaveSessionLevelTransport) {
  auto text = without_line(without_line(without_line(offer, "a=ice-ufrag"), "a=ice-pwd"), "a=fingerprint");
  text = replaced(
      text, "t=0 0\r\n",
      "t=0 0\r\na=ice-ufrag:abcd\r\na=ice-pwd:abcdefghijklmnopqrstuv\r\na=fingerprint:" + fingerprint + "\r\n");
  const auto d = read_offer(text);
  ASSERT_TRUE(d) << d.error().message;
  EXPECT_EQ(d->ice_ufrag, "abcd");
}

TEST(Offer, WithVideoInFrontIsAnsweredWithVideoDeclined) {
  auto text = replaced(offer, "m=audio", video + "m=audio");
  text = replaced(text, "BUNDLE 0", "BUNDLE v 0");
  const auto d = read_offer(text);
  ASSERT_TRUE(d) << d.error().message;
  EXPECT_EQ(d->mline_index, 1U);
  EXPECT_TRUE(contains(to_sdp(*d), "a=group:BUNDLE 0\r\n"));
  EXPECT_EQ(d->tagged_mid, "v");
}

/// Our answer, and how it is written.
const std::string transport =
    "a=ice-ufrag:own1\r\na=ice-pwd:own2\r\na=fingerprint:sha-256 AB:CD\r\na=setup:active\r\na=rtcp-mux\r\n";
const std::string candidate = "a=candidate:1 1 UDP 2000 10.0.0.5 5 typ host\r\n";
const std::string made =
    "v=0\r\no=- 5 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\na=group:BUNDLE 0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\n"
    "c=IN IP4 0.0.0.0\r\na=ice-ufrag:own1\r\na=ice-pwd:own2\r\na=mid:0\r\na=rtcp-mux\r\na=setup:active\r\n"
    "a=rtpmap:111 OPUS/48000/2\r\na=fmtp:111 minptime=10\r\na=recvonly\r\na=fingerprint:sha-256 AB:CD\r\n" +
    candidate;

/// `made` as an answer to the offer.
LocalDescription answer_to(const RemoteDescription& offered) {
  auto ours = read_local_description(made, DescriptionType::answer);
  EXPECT_TRUE(ours);
  ours->answer(offered);
  return *ours;
}

std::string answered(const RemoteDescription& offered) { return to_sdp(answer_to(offered)); }

std::string declined_video(const std::string& port) {
  return "m=video " + port + " UDP/TLS/RTP/SAVPF 96 97\r\nc=IN IP4 0.0.0.0\r\na=inactive\r\na=mid:v\r\n" + transport +
         "a=rtpmap:96 VP8/90000\r\na=rtpmap:97 rtx/90000\r\na=fmtp:97 apt=96\r\n";
}

TEST(Offer, WithVideoBehindIsAnsweredWithATransportThere) {
  const auto d = read_offer(replaced(offer, "BUNDLE 0", "BUNDLE 0 v") + video);
  ASSERT_TRUE(d) << d.error().message;
  EXPECT_EQ(d->tagged_mid, "");
  EXPECT_EQ(answered(*d), made + declined_video("0"));
}

TEST(Offer, WithVideoInFrontOfNoBundleIsAnsweredWithItDeclined) {
  const auto d = read_offer(replaced(without_line(offer, "a=group"), "m=audio", video + "m=audio"));
  ASSERT_TRUE(d) << d.error().message;
  EXPECT_EQ(answered(*d), replaced(made, "m=audio", declined_video("0") + "m=audio"));
}

/// The transport of a bundle is that of its first m-line.
TEST(Offer, WithVideoFirstInItsBundleIsAnsweredWithItInactive) {
  for (const bool is_in_front : {true, false}) {
    auto text = replaced(offer, "BUNDLE 0", "BUNDLE v 0");
    text = is_in_front ? replaced(text, "m=audio", video + "m=audio") : text + video;
    const auto d = read_offer(text);
    ASSERT_TRUE(d) << d.error().message;
    const auto accepted = declined_video("9") + candidate;
    const auto bundled = replaced(made, "BUNDLE 0", "BUNDLE v 0");
    EXPECT_EQ(answered(*d), is_in_front ? replaced(bundled, "m=audio", accepted + "m=audio") : bundled + accepted);
  }
}

/// What the offer itself declines stays so, and a data channel cannot be inactive.
TEST(Offer, MayHaveDeclinedFirstLine) {
  for (const auto& first : {replaced(video, "m=video 9", "m=video 0"),
                            std::string("m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\na=mid:v\r\n")}) {
    const auto d = read_offer(replaced(replaced(offer, "BUNDLE 0", "BUNDLE v 0"), "m=audio", first + "m=audio"));
    ASSERT_TRUE(d) << d.error().message;
    EXPECT_EQ(d->tagged_mid, "");
    EXPECT_TRUE(contains(answered(*d), "a=group:BUNDLE 0\r\n"));
    EXPECT_TRUE(contains(answered(*d), " 0 U"));
  }
}

/// No word of a client's comes back that is not one.
TEST(Offer, MayHaveOddWordsInADeclinedLine) {
  const auto d = read_offer(offer + "m=vid\teo 9 UDP/TLS/RTP/SAVPF 96 x y\r\na=mid:a b\r\na=rtpmap:96 V\tP8\r\n" +
                            "m=x\r\nm=\r\nm=video 9 UDP/TLS/RTP/SAVPF 300\r\na=rtpmap:96 not/listed\r\n");
  ASSERT_TRUE(d) << d.error().message;
  const auto declined = [](const std::string& words) {
    return "m=" + words + "\r\nc=IN IP4 0.0.0.0\r\na=inactive\r\n" + transport;
  };
  EXPECT_EQ(answered(*d), made + declined("application 0 UDP/TLS/RTP/SAVPF 96") + declined("x 0 UDP/TLS/RTP/SAVPF 0") +
                              declined("application 0 UDP/TLS/RTP/SAVPF 0") +
                              declined("video 0 UDP/TLS/RTP/SAVPF 300"));
}

TEST(Offer, WithADataChannelBehindIsAnsweredWithItDeclined) {
  const auto d = read_offer(offer + "m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\na=mid:d\r\n");
  ASSERT_TRUE(d) << d.error().message;
  EXPECT_TRUE(answered(*d).ends_with(
      "m=application 0 UDP/DTLS/SCTP webrtc-datachannel\r\nc=IN IP4 0.0.0.0\r\na=inactive\r\na=mid:d\r\n" + transport));
}

/// Those of the voice itself are none, wherever else they stand.
TEST(Offer, HasPayloadTypesOfDeclinedLines) {
  EXPECT_TRUE(read_offer(offer)->declined_payload_types.none());
  const std::string second = "m=audio 9 UDP/TLS/RTP/SAVPF 111 8 200 x\r\na=mid:b\r\n";
  for (const auto& text : {replaced(offer, "m=audio", video + "m=audio") + second,
                           offer + video + second + "m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\n"}) {
    const auto d = read_offer(text);
    ASSERT_TRUE(d) << d.error().message;
    std::bitset<128> wanted;
    for (const auto payload_type : {96, 97, 8}) wanted.set(static_cast<std::size_t>(payload_type));
    EXPECT_EQ(d->declined_payload_types, wanted);
  }
}

TEST(Offer, WithoutAMidIsAnsweredWithoutOne) {
  const auto d = read_offer(without_line(without_line(offer, "a=mid"), "a=group"));
  ASSERT_TRUE(d) << d.error().message;
  EXPECT_TRUE(contains(to_sdp(*d), "a=mid:audio\r\n"));
  EXPECT_EQ(answered(*d), without_line(made, "a=mid"));
}

TEST(Offer, UsableCandidatesOnly) {
  const auto d = read_offer(replaced(offer, "192.168.1.5", "3b2f0b6e-4c6d-4e5a-9c1e-0d7c1c5b1a2b.local"));
  ASSERT_TRUE(d);
  EXPECT_TRUE(d->candidates.empty());
}

TEST(Offer, MalformedCandidatesAreIgnored) {
  const auto d =
      read_offer(offer + "a=candidate:\r\na=candidate:x\r\na=candidate:1 1 udp 1 10.0.0.1 x typ host\r\n" +
                 "a=candidate:" + std::string(5000, '1') + "\r\na=candidate:2 1 udp 1 10.0.0.2 9 typ host\r\n");
  ASSERT_TRUE(d) << d.error().message;
  const std::vector<std::string> good{"candidate:1 1 UDP 2113937151 192.168.1.5 50000 typ host",
                                      "candidate:2 1 UDP 1 10.0.0.2 9 typ host"};
  EXPECT_EQ(d->candidates, good);
}

TEST(Offer, CandidatesAreCounted) {
  const std::string line = "a=candidate:1 1 udp 1 10.0.0.1 9 typ host\r\n";
  std::string lines;
  for (int i = 0; i < 99; ++i) lines += line;
  EXPECT_TRUE(read_offer(offer + lines));
  EXPECT_FALSE(read_offer(offer + lines + line));
}

struct BadOffer {
  const char* what;
  std::string sdp;
  const char* words;
  ErrorCode code = ErrorCode::bad_message;
};

class RefusedOffer : public testing::TestWithParam<BadOffer> {};

TEST_P(RefusedOffer, HasAReason) {
  const auto d = read_offer(GetParam().sdp);
  ASSERT_FALSE(d);
  EXPECT_EQ(d.error().code, GetParam().code);
  EXPECT_TRUE(contains(d.error().message, GetParam().words)) << d.error().message;
}

TEST(Offer, PrefersAFingerprintOfSha256ToOneOfSha1) {
  for (const auto* weak : {"sha-1 73:5A", "SHA-1 73:5A:D5:71:C1:89:D7:BA:84:46:4B:F4:A9:F1:D2:28:01:75:B1:28"}) {
    const auto line = std::string(weak) + "\r\na=fingerprint:";
    const auto weak_first = read_offer(replaced(offer, fingerprint, line + fingerprint));
    ASSERT_TRUE(weak_first);
    EXPECT_EQ(weak_first->fingerprint, fingerprint);
    const auto weak_last = read_offer(replaced(offer, fingerprint, fingerprint + "\r\na=fingerprint:" + weak));
    ASSERT_TRUE(weak_last);
    EXPECT_EQ(weak_last->fingerprint, fingerprint);
  }
}

INSTANTIATE_TEST_SUITE_P(
    All, RefusedOffer,
    testing::Values(
        BadOffer{"empty", "", "does not parse"}, BadOffer{"text", "hello", "does not parse"},
        BadOffer{"no m-line", offer.substr(0, offer.find("m=")), "no audio", ErrorCode::unsupported},
        BadOffer{"only video", offer.substr(0, offer.find("m=")) + video, "no audio", ErrorCode::unsupported},
        BadOffer{"only data",
                 offer.substr(0, offer.find("m=")) + "m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\n", "no audio",
                 ErrorCode::unsupported},
        BadOffer{"declined", replaced(offer, "m=audio 9", "m=audio 0"), "no audio", ErrorCode::unsupported},
        BadOffer{"no Opus", replaced(offer, "opus/48000/2", "speex/16000"), "no Opus", ErrorCode::unsupported},
        BadOffer{"Opus not in the m-line", replaced(offer, "SAVPF 111", "SAVPF 112"), "no Opus",
                 ErrorCode::unsupported},
        BadOffer{"no ufrag", without_line(offer, "a=ice-ufrag"), "ICE credentials"},
        BadOffer{"no pwd", without_line(offer, "a=ice-pwd"), "ICE credentials"},
        BadOffer{"short ufrag", replaced(offer, "EsAw", "EsA"), "ice-ufrag"},
        BadOffer{"odd ufrag", replaced(offer, "EsAw", "Es Aw"), "ice-ufrag"},
        BadOffer{"short pwd", replaced(offer, "P2uYro0UCOQ4zxjKXaWCBui1", "short"), "ice-pwd"},
        BadOffer{"no fingerprint", without_line(offer, "a=fingerprint"), "fingerprint"},
        BadOffer{"short fingerprint", replaced(offer, ":2D:72", ""), "fingerprint"},
        BadOffer{"odd fingerprint", replaced(offer, ":2D:72", ":2D:7G"), "fingerprint"},
        BadOffer{"weak hash",
                 replaced(offer, fingerprint, "sha-1 73:5A:D5:71:C1:89:D7:BA:84:46:4B:F4:A9:F1:D2:28:01:75:B1:28"),
                 "sha-256"},
        BadOffer{"unknown hash", replaced(offer, "sha-256", "md5"), "fingerprint"},
        BadOffer{"no setup", without_line(offer, "a=setup"), "setup"},
        BadOffer{"odd setup", replaced(offer, "actpass", "holdconn"), "setup"},
        BadOffer{"no mux", without_line(offer, "a=rtcp-mux"), "rtcp-mux", ErrorCode::unsupported},
        BadOffer{"recvonly", replaced(offer, "sendonly", "recvonly"), "offers to send no audio",
                 ErrorCode::unsupported},
        BadOffer{"inactive", replaced(offer, "sendonly", "inactive"), "offers to send no audio",
                 ErrorCode::unsupported},
        BadOffer{"plain RTP", replaced(offer, "UDP/TLS/RTP/SAVPF", "RTP/AVP"), "SAVPF", ErrorCode::unsupported},
        BadOffer{"RTX by the number of Opus",
                 replaced(offer, "a=rtcp-fb:111 transport-cc\r\n",
                          "a=rtcp-fb:111 nack\r\na=rtpmap:111 rtx/48000\r\na=fmtp:111 apt=111\r\n"),
                 "two a=rtpmap of payload type 111"},
        BadOffer{"two codecs of a number", replaced(offer, "rtpmap:9 ", "rtpmap:63 "),
                 "two a=rtpmap of payload type 63"},
        BadOffer{"many lines", offer + many("a=x:1\r\n", max_section_lines), "more than 500 lines"},
        BadOffer{"many lines of the session", replaced(offer, "t=0 0\r\n", "t=0 0\r\n" + many("a=x:1\r\n", 500)),
                 "more than 500 lines"},
        BadOffer{"many m-lines", offer + many(video, max_mlines), "more than 64 m-lines"},
        BadOffer{"odd mid", replaced(offer, "a=mid:0", "a=mid:0 1"), "a=mid"}),
    [](const auto& info) {
      std::string name = info.param.what;
      std::replace_if(
          name.begin(), name.end(), [](unsigned char c) { return !std::isalnum(c); }, '_');
      return name;
    });

/// A listener's offer, from the same parts.
const std::string listener_offer = replaced(offer, "sendonly", "recvonly");

TEST(ListenerOffer, IsRead) {
  for (const char* direction : {"recvonly", "sendrecv"}) {
    const auto d = read_listener_offer(replaced(listener_offer, "recvonly", direction));
    ASSERT_TRUE(d) << d.error().message;
    EXPECT_EQ(d->type, DescriptionType::offer);
    EXPECT_TRUE(contains(to_sdp(*d), "a=recvonly\r\n")) << "what he sends is not taken";
  }
}

TEST(ListenerOffer, MustReceive) {
  for (const char* direction : {"sendonly", "inactive"}) {
    const auto d = read_listener_offer(replaced(listener_offer, "recvonly", direction));
    ASSERT_FALSE(d);
    EXPECT_EQ(d.error().code, ErrorCode::unsupported);
    EXPECT_TRUE(contains(d.error().message, "offers to receive no audio")) << d.error().message;
  }
}

TEST(ListenerOffer, IsAnsweredWithTheStreamsIdAndVideoDeclined) {
  const auto d = read_listener_offer(listener_offer + video);
  ASSERT_TRUE(d) << d.error().message;
  auto ours = answer_to(*d);
  ours.stream_id = "stream_1";
  EXPECT_EQ(to_sdp(ours), replaced(made, "a=mid:0\r\n", "a=mid:0\r\na=msid:stream_1 voice\r\n") + declined_video("0"));
}

/// A receiver's answer, from the same parts.
const std::string answer = replaced(replaced(offer, "sendonly", "recvonly"), "actpass", "active");

TEST(Answer, IsRead) {
  const auto d = read_answer(answer, 111);
  ASSERT_TRUE(d) << d.error().message;
  EXPECT_EQ(d->type, DescriptionType::answer);
  EXPECT_EQ(d->setup, "active");
}

TEST(Answer, MismatchIsRefused) {
  EXPECT_TRUE(contains(read_answer(answer, 109).error().message, "109"));
  EXPECT_TRUE(contains(read_answer(offer, 111).error().message, "receives no audio"));
  EXPECT_TRUE(contains(read_answer(replaced(answer, "active", "actpass"), 111).error().message, "actpass"));
  EXPECT_TRUE(contains(read_answer(answer + video, 111).error().message, "more m-lines"));
}

/// As webrtcbin 1.22 makes an offer for a receiver, with what it says of feedback that is never read.
const std::string made_offer =
    "v=0\r\no=- 7 0 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\na=ice-options:trickle\r\na=group:BUNDLE audio0\r\n"
    "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\nc=IN IP4 0.0.0.0\r\na=setup:actpass\r\na=ice-ufrag:own1\r\na=ice-pwd:own2\r\n"
    "a=rtcp-mux\r\na=rtcp-rsize\r\na=sendonly\r\na=rtpmap:111 OPUS/48000/2\r\na=rtcp-fb:111 nack\r\n"
    "a=rtcp-fb:111 transport-cc\r\na=fmtp:111 minptime=10;useinbandfec=1\r\na=ssrc:9 msid:user1 x\r\n"
    "a=ssrc:9 cname:user1\r\na=mid:audio0\r\na=fingerprint:sha-256 AB:CD\r\na=rtcp-mux-only\r\n" +
    candidate;

TEST(OurOffer, IsWrittenWithAllThatAReceiverNeeds) {
  auto d = read_local_description(made_offer, DescriptionType::offer);
  ASSERT_TRUE(d) << d.error().message;
  EXPECT_EQ(d->mid, "audio0");
  d->stream_id = "stream_1";
  d->is_ice_lite = true;
  EXPECT_EQ(
      to_sdp(*d),
      "v=0\r\no=- 7 0 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\na=ice-options:trickle\r\na=group:BUNDLE audio0\r\n"
      "a=ice-lite\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\nc=IN IP4 0.0.0.0\r\na=ice-ufrag:own1\r\na=ice-pwd:own2\r\n"
      "a=mid:audio0\r\na=msid:stream_1 voice\r\na=rtcp-mux\r\na=rtcp-rsize\r\na=rtcp-mux-only\r\na=setup:actpass\r\n"
      "a=rtpmap:111 OPUS/48000/2\r\na=rtcp-fb:111 nack\r\na=fmtp:111 minptime=10;useinbandfec=1\r\n"
      "a=ssrc:9 msid:user1 x\r\na=ssrc:9 cname:user1\r\na=sendonly\r\na=fingerprint:sha-256 AB:CD\r\n" +
          candidate);
}

TEST(OurAnswer, HasThePayloadTypeOfWhatIsSentAgain) {
  const auto with_rtx = replaced(replaced(made, "SAVPF 111", "SAVPF 111 96"), "a=recvonly",
                                 "a=rtpmap:96 rtx/48000\r\na=fmtp:96 apt=111\r\na=recvonly");
  const auto d = read_local_description(with_rtx, DescriptionType::answer);
  ASSERT_TRUE(d);
  EXPECT_EQ(to_sdp(*d), with_rtx);
}

TEST(OurDescription, NeedsMedia) {
  for (const auto* text : {"", "v", "v=0\r\n", "v=0\r\nm=", "v=0\r\nm=audio 9 UDP/TLS/RTP/SAVPF\r\n"})
    EXPECT_FALSE(read_local_description(text, DescriptionType::offer)) << text;
  EXPECT_FALSE(read_local_description(made + many("m=x\r\n", max_mlines), DescriptionType::offer));
}

TEST(Description, ContinuesWithNewIceOnly) {
  const auto was = read_offer(offer);
  const auto again = read_offer(replaced(offer, "EsAw", "NewUfrag"));
  ASSERT_TRUE(was && again);
  EXPECT_TRUE(continues(*again, *was));
  for (const auto& [part, by] : {std::pair{"03:D6", "04:D6"}, {"a=mid:0", "a=mid:1"}, {"rtpmap:111", "rtpmap:110"}}) {
    const auto other = read_offer(replaced(offer, part, by));
    ASSERT_TRUE(other) << part;
    EXPECT_FALSE(continues(*other, *was)) << part;
  }
}

TEST(Description, OfReceiverMayRestartIce) {
  const auto again = read_restart(replaced(offer, "a=sendonly", "a=recvonly"));
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_EQ(again->ice_ufrag, "EsAw");
}

TEST(OurDescription, IsRenewed) {
  const auto d = read_offer(replaced(replaced(offer, "BUNDLE 0", "BUNDLE v 0"), "m=audio", video + "m=audio"));
  ASSERT_TRUE(d) << d.error().message;
  auto ours = answer_to(*d);
  ours.renew({"new1", "new2", {"candidate:2 1 UDP 1 10.0.0.6 6 typ host"}});
  EXPECT_EQ(ours.version, 2U);
  const auto text = to_sdp(ours);
  EXPECT_FALSE(contains(text, "own1") || contains(text, "own2") || contains(text, candidate)) << text;
  const std::string ending = "a=candidate:2 1 UDP 1 10.0.0.6 6 typ host\r\na=end-of-candidates\r\n";
  EXPECT_TRUE(contains(text, ending + "m=audio")) << "of the transport's m-line";
  EXPECT_TRUE(text.ends_with(ending));
}

TEST(Description, HasAtMost64KiB) {
  const std::string line = "a=x:";
  const auto padded = [&](std::size_t size) {
    return offer + line + std::string(size - offer.size() - line.size() - 2, 'x') + "\r\n";
  };
  EXPECT_EQ(padded(max_sdp_bytes).size(), 64U * 1024);
  EXPECT_TRUE(read_offer(padded(max_sdp_bytes)));
  const auto larger = read_offer(padded(max_sdp_bytes + 1));
  ASSERT_FALSE(larger);
  EXPECT_EQ(larger.error().message, "the SDP is larger than 64 KiB");
}

TEST(Offer, MayHaveAsManyLinesAsAllowed) {
  const auto lines_of_audio = std::ranges::count(offer.substr(offer.find("m=audio")), '\n');
  EXPECT_TRUE(read_offer(offer + many("a=x:1\r\n", max_section_lines - static_cast<std::size_t>(lines_of_audio))));
  EXPECT_TRUE(read_offer(offer + many("m=video 9 UDP/TLS/RTP/SAVPF 96\r\n", max_mlines - 1)));
}

TEST(Offer, MayRepeatAttributes) {
  const auto d = read_offer(replaced(offer, "a=rtpmap:9 G722/8000\r\n",
                                     "a=rtpmap:111 OPUS/48000/2\r\na=fmtp:111 stereo=1\r\na=ice-ufrag:other\r\n"));
  ASSERT_TRUE(d) << d.error().message;
  EXPECT_TRUE(d->is_stereo);
  EXPECT_EQ(d->ice_ufrag, "EsAw") << "the first counts";
}

/// Spaces around a line, lines that end with LF alone, lines of no known form: all that the grammar does not have.
TEST(Offer, MayBeWrittenLoosely) {
  auto text = replaced(offer, "a=sendonly\r\n", "  a=sendonly \r\nnonsense\r\n=\r\na=\r\na=:\r\n");
  std::erase(text, '\r');
  const auto d = read_offer(text);
  ASSERT_TRUE(d) << d.error().message;
  EXPECT_EQ(d->direction, "sendonly");
}

TEST(Offer, PrefersFirstOpusOfMLine) {
  auto text = replaced(offer, "111 63", "63 111");
  text = replaced(text, "63 red/48000/2", "63 opus/48000/2");
  EXPECT_EQ(read_offer(text)->payload_type, 63U);
}

TEST(Offer, MayOfferRetransmission) {
  EXPECT_FALSE(read_offer(offer)->resends);
  const std::string feedback = "a=rtcp-fb:111 transport-cc\r\n";
  for (const auto* line : {"a=rtcp-fb:111 nack\r\n", "a=rtcp-fb:* nack\r\n"}) {
    const auto d = read_offer(replaced(offer, feedback, line));
    ASSERT_TRUE(d);
    EXPECT_TRUE(d->resends) << line;
    EXPECT_FALSE(d->rtx_payload_type);
    EXPECT_TRUE(contains(to_sdp(*d), "a=rtcp-fb:111 nack\r\n"));
  }
  for (const auto* line : {"a=rtcp-fb:111 nack pli\r\n", "a=rtcp-fb:63 nack\r\n", "a=rtcp-fb:nack\r\n"})
    EXPECT_FALSE(read_offer(replaced(offer, feedback, line))->resends) << line;
}

TEST(Offer, MayHaveRetransmissionPayloadType) {
  const std::string rtx = "a=rtcp-fb:111 nack\r\na=rtpmap:110 rtx/48000\r\na=fmtp:110 apt=111\r\n";
  const auto with = [&](const std::string& lines) {
    return *read_offer(replaced(offer, "a=rtcp-fb:111 transport-cc\r\n", lines));
  };
  EXPECT_EQ(with(rtx).rtx_payload_type, 110U);
  EXPECT_TRUE(contains(to_sdp(with(rtx)), "m=audio 9 UDP/TLS/RTP/SAVPF 111 110\r\n"));
  EXPECT_TRUE(contains(to_sdp(with(rtx)), "a=rtpmap:110 rtx/48000\r\na=fmtp:110 apt=111\r\n"));
  EXPECT_EQ(with(replaced(rtx, "apt=111", "rtx-time=125; apt=111")).rtx_payload_type, 110U);
  EXPECT_FALSE(with(replaced(rtx, "apt=111", "apt=63")).rtx_payload_type);
  EXPECT_FALSE(with(replaced(rtx, "rtpmap:110", "rtpmap:109")).rtx_payload_type);  // not in the m-line
  EXPECT_FALSE(with(replaced(rtx, "a=rtcp-fb:111 nack\r\n", "")).rtx_payload_type);
}

TEST(ListenerOffer, IsAnsweredWithRetransmission) {
  const std::string feedback = "a=rtcp-fb:111 transport-cc\r\n", nack = "a=rtcp-fb:111 nack\r\n";
  const auto plain = read_listener_offer(listener_offer),
             asking = read_listener_offer(replaced(listener_offer, feedback, nack));
  ASSERT_TRUE(plain && asking);
  EXPECT_TRUE(asking->resends);
  EXPECT_FALSE(plain->resends);
  auto ours = answer_to(*asking);
  ours.resends = true;
  EXPECT_EQ(to_sdp(ours), replaced(made, "OPUS/48000/2\r\n", "OPUS/48000/2\r\n" + nack));
}

}  // namespace
}  // namespace voicecast
