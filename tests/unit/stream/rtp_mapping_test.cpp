// SPDX-License-Identifier: MIT
#include "stream/rtp_mapping.hpp"

#include <gst/rtp/gstrtpbuffer.h>
#include <gtest/gtest.h>

#include "unit/branch_harness.hpp"

namespace voicecast {
namespace {

/// A source pad, and what leaves by it: as in receiver.launch.
class Mapping {
 public:
  Mapping() : harness_(gst_harness_new("valve")) {
    const auto source = GPtr<GstPad>::adopt(gst_element_get_static_pad(harness_->element, "src"));
    map_packets(source.get(), 109);
    gst_harness_set_src_caps_str(harness_.get(),
                                 "application/x-rtp, media=audio, payload=111, encoding-name=OPUS, "
                                 "extmap-1=urn:ietf:params:rtp-hdrext:ssrc-audio-level");
  }
  GPtr<GstBuffer> map(GstBuffer* packet) {
    EXPECT_EQ(gst_harness_push(harness_.get(), packet), GST_FLOW_OK);
    return GPtr<GstBuffer>::adopt(gst_harness_pull(harness_.get()));
  }
  void swallow(GstBuffer* packet) {
    EXPECT_EQ(gst_harness_push(harness_.get(), packet), GST_FLOW_OK);
    EXPECT_EQ(gst_harness_buffers_in_queue(harness_.get()), 0U);
  }
  void accept_only(const char* caps) { gst_harness_set_sink_caps_str(harness_.get(), caps); }
  bool accepts(const char* caps) const {
    return gst_pad_peer_query_accept_caps(harness_->srcpad, GPtr<GstCaps>::adopt(gst_caps_from_string(caps)).get());
  }
  GPtr<GstCaps> caps() const { return GPtr<GstCaps>::adopt(gst_pad_get_current_caps(harness_->sinkpad)); }

 private:
  Harness harness_;
};

/// A packet with a marker, a contributing source and, if asked for, a header extension.
GstBuffer* make_packet(bool has_extension) {
  auto* packet = gst_rtp_buffer_new_allocate(5, 0, 1);
  GstRTPBuffer rtp = GST_RTP_BUFFER_INIT;
  gst_rtp_buffer_map(packet, GST_MAP_WRITE, &rtp);
  gst_rtp_buffer_set_payload_type(&rtp, 111);
  gst_rtp_buffer_set_marker(&rtp, TRUE);
  gst_rtp_buffer_set_seq(&rtp, 4711);
  gst_rtp_buffer_set_timestamp(&rtp, 960);
  gst_rtp_buffer_set_ssrc(&rtp, 0xdeadbeef);
  gst_rtp_buffer_set_csrc(&rtp, 0, 77);
  memcpy(gst_rtp_buffer_get_payload(&rtp), "voice", 5);
  if (has_extension) gst_rtp_buffer_add_extension_onebyte_header(&rtp, 1, "x", 1);
  gst_rtp_buffer_unmap(&rtp);
  GST_BUFFER_PTS(packet) = 20 * GST_MSECOND;
  return packet;
}

void expect_mapped(GstBuffer* packet) {
  EXPECT_EQ(GST_BUFFER_PTS(packet), 20 * GST_MSECOND);
  GstRTPBuffer rtp = GST_RTP_BUFFER_INIT;
  ASSERT_TRUE(gst_rtp_buffer_map(packet, GST_MAP_READ, &rtp));
  EXPECT_EQ(gst_rtp_buffer_get_payload_type(&rtp), 109);
  EXPECT_FALSE(gst_rtp_buffer_get_extension(&rtp));
  EXPECT_TRUE(gst_rtp_buffer_get_marker(&rtp));
  EXPECT_EQ(gst_rtp_buffer_get_seq(&rtp), 4711);
  EXPECT_EQ(gst_rtp_buffer_get_timestamp(&rtp), 960U);
  EXPECT_EQ(gst_rtp_buffer_get_ssrc(&rtp), 0xdeadbeefU);
  EXPECT_EQ(gst_rtp_buffer_get_csrc(&rtp, 0), 77U);
  EXPECT_EQ(
      std::string(static_cast<const char*>(gst_rtp_buffer_get_payload(&rtp)), gst_rtp_buffer_get_payload_len(&rtp)),
      "voice");
  gst_rtp_buffer_unmap(&rtp);
}

TEST(RtpMapping, OfPlainPackets) {
  Mapping mapping;
  expect_mapped(mapping.map(make_packet(false)).get());
}

TEST(RtpMapping, DropsHeaderExtensions) {
  Mapping mapping;
  expect_mapped(mapping.map(make_packet(true)).get());
}

/// RTP packets cut short and padding longer than the payload.
TEST(RtpMapping, DropsInvalidRtp) {
  Mapping mapping;
  const auto whole = GPtr<GstBuffer>::adopt(make_packet(true));
  constexpr gsize header_bytes = 24;  // with a source and an extension
  for (gsize size = 1; size < header_bytes; ++size)
    mapping.swallow(gst_buffer_copy_region(whole.get(), GST_BUFFER_COPY_ALL, 0, size));
  auto* padded = gst_buffer_copy_deep(whole.get());
  GstMapInfo map;
  ASSERT_TRUE(gst_buffer_map(padded, &map, GST_MAP_READWRITE));
  map.data[0] |= 0x20;  // and "e", 101, is the length of the padding
  gst_buffer_unmap(padded, &map);
  mapping.swallow(padded);
  expect_mapped(mapping.map(make_packet(false)).get());
}

/// The tee gives the same buffer to everybody.
TEST(RtpMapping, DoesNotChangeSharedPackets) {
  Mapping mapping;
  const auto shared = GPtr<GstBuffer>::adopt(make_packet(true));
  expect_mapped(mapping.map(gst_buffer_ref(shared.get())).get());
  GstRTPBuffer rtp = GST_RTP_BUFFER_INIT;
  ASSERT_TRUE(gst_rtp_buffer_map(shared.get(), GST_MAP_READ, &rtp));
  EXPECT_EQ(gst_rtp_buffer_get_payload_type(&rtp), 111);
  EXPECT_TRUE(gst_rtp_buffer_get_extension(&rtp));
  gst_rtp_buffer_unmap(&rtp);
}

/// A caps query from the sender's side succeeds with the sender's payload type, which is mapped.
TEST(RtpMapping, TakesTheSendersCaps) {
  Mapping mapping;
  mapping.accept_only("application/x-rtp, payload=(int)109");
  EXPECT_TRUE(mapping.accepts("application/x-rtp, media=audio, payload=(int)111"));
  expect_mapped(mapping.map(make_packet(false)).get());
}

TEST(RtpMapping, OfCaps) {
  Mapping mapping;
  static_cast<void>(mapping.map(make_packet(false)));
  const auto caps = mapping.caps();
  const auto* structure = gst_caps_get_structure(caps.get(), 0);
  int payload_type = 0;
  EXPECT_TRUE(gst_structure_get_int(structure, "payload", &payload_type));
  EXPECT_EQ(payload_type, 109);
  EXPECT_FALSE(gst_structure_has_field(structure, "extmap-1"));
  EXPECT_STREQ(gst_structure_get_string(structure, "encoding-name"), "OPUS");
}

}  // namespace
}  // namespace voicecast

int main(int argc, char** argv) {
  gst_init(&argc, &argv);
  testing::InitGoogleTest(&argc, argv);
  return RUN_ALL_TESTS();
}
