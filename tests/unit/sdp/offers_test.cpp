// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "sdp/description.hpp"
#include "sdp/description_text.hpp"

/// The offers in tests/offers: those that were captured from clients, and those written by hand.
namespace voicecast {
namespace {

const std::filesystem::path folder = std::filesystem::path(VOICECAST_SOURCE_DIR) / "tests" / "offers";

struct Expected {
  std::string file;
  unsigned payload_type = 111;
  std::string mid = "0";
  std::string direction = "sendonly";
  std::string setup = "actpass";
  std::vector<std::string> before = {}, behind = {};  ///< the m-lines that are declined
  bool is_bundled = true, wants_stereo = false, sends_stereo = false, resends = false;
  std::optional<unsigned> rtx_payload_type = {};
  bool has_mid = true;
};

std::vector<Expected> all() {
  const std::vector<std::string> video{"video"};
  return {
      {.file = "captured-aiortc-talker", .payload_type = 96, .direction = "sendrecv"},
      {.file = "captured-aiortc-whep", .payload_type = 96, .direction = "recvonly"},
      {.file = "captured-chromium-talker", .direction = "sendrecv"},
      {.file = "captured-chromium-whep", .direction = "recvonly", .behind = video},
      {.file = "captured-chromium-whip", .behind = video},
      {.file = "captured-firefox-talker", .payload_type = 109, .direction = "sendrecv", .wants_stereo = true},
      {.file = "captured-firefox-whep",
       .payload_type = 109,
       .direction = "recvonly",
       .behind = video,
       .wants_stereo = true},
      {.file = "captured-firefox-whip", .payload_type = 109, .behind = video, .wants_stereo = true},
      {.file = "captured-gstreamer-extension", .payload_type = 100, .mid = "audio0"},
      {.file = "captured-gstreamer-rtx", .payload_type = 100, .mid = "audio0", .resends = true, .rtx_payload_type = 96},
      {.file = "captured-gstreamer-talker", .payload_type = 100, .mid = "audio0"},
      {.file = "captured-gstreamer-whep", .payload_type = 101, .mid = "audio0", .direction = "recvonly"},
      {.file = "captured-pion-nack", .direction = "sendrecv", .resends = true},
      {.file = "captured-pion-talker", .direction = "sendrecv"},
      {.file = "written-active", .setup = "active"},
      {.file = "written-data-channel-behind", .behind = {"application"}},
      {.file = "written-dtx-and-60-ms"},
      {.file = "written-group-of-too-many"},
      {.file = "written-malformed-candidates"},
      {.file = "written-not-bundled", .mid = "a", .behind = video, .is_bundled = false},
      {.file = "written-obs", .behind = video, .wants_stereo = true, .sends_stereo = true},
      {.file = "written-passive", .setup = "passive"},
      {.file = "written-passive-without-fmtp", .setup = "passive", .behind = video},
      {.file = "written-payload-type-127", .payload_type = 127},
      {.file = "written-payload-type-96", .payload_type = 96},
      {.file = "written-rtcp-mux-only"},
      {.file = "written-safari", .direction = "sendrecv", .behind = video},
      {.file = "written-transport-in-the-session"},
      {.file = "written-video-first", .mid = "1", .before = video},
      {.file = "written-video-first-max-bundle-whep", .mid = "1", .direction = "recvonly", .before = video},
      {.file = "written-without-a-mid", .mid = "audio", .is_bundled = false, .has_mid = false},
  };
}

std::string text_of(const std::string& file) {
  std::ifstream in(folder / (file + ".sdp"), std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::vector<std::string> medias(const std::vector<RemoteDescription::Declined>& declined) {
  std::vector<std::string> names;
  for (const auto& each : declined) names.push_back(each.media);
  return names;
}

class OfferFile : public testing::TestWithParam<Expected> {};

TEST_P(OfferFile, IsRead) {
  const auto& wanted = GetParam();
  const bool listens = wanted.direction == "recvonly";
  const auto d = listens ? read_listener_offer(text_of(wanted.file)) : read_offer(text_of(wanted.file));
  ASSERT_TRUE(d) << d.error().message;
  EXPECT_EQ(d->payload_type, wanted.payload_type);
  EXPECT_EQ(d->mid, wanted.mid);
  EXPECT_EQ(d->has_mid, wanted.has_mid);
  EXPECT_EQ(d->direction, wanted.direction);
  EXPECT_EQ(d->setup, wanted.setup);
  EXPECT_EQ(d->is_bundled, wanted.is_bundled);
  EXPECT_EQ(d->is_stereo, wanted.wants_stereo);
  EXPECT_EQ(d->sends_stereo, wanted.sends_stereo);
  EXPECT_EQ(d->resends, wanted.resends);
  EXPECT_EQ(d->rtx_payload_type, wanted.rtx_payload_type);
  EXPECT_EQ(d->mline_index, wanted.before.size());
  EXPECT_EQ(medias(d->before), wanted.before);
  EXPECT_EQ(medias(d->behind), wanted.behind);
}

/// Nothing that was not agreed on gets to webrtcbin: no header extension, no other codec, no other m-line.
TEST_P(OfferFile, BecomesOpusOnly) {
  const auto& wanted = GetParam();
  const bool listens = wanted.direction == "recvonly";
  const auto d = listens ? read_listener_offer(text_of(wanted.file)) : read_offer(text_of(wanted.file));
  ASSERT_TRUE(d) << d.error().message;
  const auto sdp = to_sdp(*d);
  for (const auto* unwanted : {"extmap", "transport-cc", "m=video", "m=application", "PCMU", "red/", "G722"})
    EXPECT_EQ(sdp.find(unwanted), std::string::npos) << unwanted;
  const auto again = read_restart(sdp);
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_TRUE(continues(*again, *d) || d->mline_index > 0) << "the m-lines before it are gone";
  EXPECT_EQ(again->rtx_payload_type, d->rtx_payload_type);
}

INSTANTIATE_TEST_SUITE_P(All, OfferFile, testing::ValuesIn(all()), [](const auto& info) {
  std::string name = info.param.file;
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
});

TEST(OfferFiles, AreAllInTheTable) {
  std::vector<std::string> files, expected;
  for (const auto& entry : std::filesystem::directory_iterator(folder))
    if (entry.path().extension() == ".sdp") files.push_back(entry.path().stem());
  for (const auto& each : all()) expected.push_back(each.file);
  std::sort(files.begin(), files.end());
  EXPECT_EQ(files, expected);
}

}  // namespace
}  // namespace voicecast
