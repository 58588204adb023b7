// SPDX-License-Identifier: MIT
#include "unit/stream/client_peer.hpp"

#include <gst/webrtc/webrtc.h>
#include <gtest/gtest.h>

#include <utility>

#include "gst/gst.hpp"
#include "gst/stop_element.hpp"
#include "sdp/description_text.hpp"
#include "unit/run_until.hpp"

namespace voicecast {
namespace {

constexpr unsigned payload_type = 96;
constexpr const char* voice_caps =
    "application/x-rtp, media=audio, encoding-name=OPUS, clock-rate=48000, encoding-params=(string)2, payload=96";
constexpr const char* tone =
    "audiotestsrc is-live=true ! opusenc ! rtpopuspay pt=96 ! "
    "valve name=gate drop=true drop-mode=forward-sticky-events";

}  // namespace

std::unique_ptr<ClientPeer> ClientPeer::sender() {
  std::unique_ptr<ClientPeer> client(new ClientPeer(tone));
  client->send_voice();
  return client;
}

std::unique_ptr<ClientPeer> ClientPeer::receiver() {
  std::unique_ptr<ClientPeer> client(new ClientPeer(""));
  client->receive_voice();
  return client;
}

ClientPeer::ClientPeer(const std::string& pipeline)
    : pipeline_(GPtr<GstElement>::adopt(pipeline.empty() ? gst_pipeline_new(nullptr)
                                                         : gst_parse_launch(pipeline.c_str(), nullptr))) {
  IceConfig ice;
  ice.addresses = {"127.0.0.1"};
  peer_ = *Peer::create("client", make_ice_agent(ice, nullptr, false), 1000, *this);
  gst_bin_add(GST_BIN(pipeline_.get()), peer_->element());
}

ClientPeer::~ClientPeer() {
  connections_.clear();
  peer_.reset();
  stop_element(pipeline_.get());
}

void ClientPeer::send_voice() {
  const auto gate = GPtr<GstElement>::adopt(gst_bin_get_by_name(GST_BIN(pipeline_.get()), "gate"));
  const auto source = GPtr<GstPad>::adopt(gst_element_get_static_pad(gate.get(), "src"));
  const auto sink = GPtr<GstPad>::adopt(gst_element_request_pad_simple(peer_->element(), "sink_0"));
  GObject* raw = nullptr;
  g_object_get(sink.get(), "transceiver", &raw, nullptr);
  const auto transceiver = GPtr<GObject>::adopt(raw);
  const auto caps = GPtr<GstCaps>::adopt(gst_caps_from_string(voice_caps));
  g_object_set(transceiver.get(), "codec-preferences", caps.get(), "direction",
               GST_WEBRTC_RTP_TRANSCEIVER_DIRECTION_SENDONLY, nullptr);
  ASSERT_EQ(gst_pad_link(source.get(), sink.get()), GST_PAD_LINK_OK);
}

/// Counts and drops the packets at webrtcbin's own pad.
void ClientPeer::receive_voice() {
  connections_.emplace_back(peer_->element(), "pad-added", [this](GstElement*, GstPad* pad) {
    if (GST_PAD_DIRECTION(pad) != GST_PAD_SRC) return;
    gst_pad_add_probe(
        pad, GST_PAD_PROBE_TYPE_BUFFER,
        [](GstPad*, GstPadProbeInfo*, gpointer p) noexcept {
          ++static_cast<ClientPeer*>(p)->packets_;
          return GST_PAD_PROBE_DROP;
        },
        this, nullptr);
  });
}

void ClientPeer::pass_voice() {
  const auto gate = GPtr<GstElement>::adopt(gst_bin_get_by_name(GST_BIN(pipeline_.get()), "gate"));
  g_object_set(gate.get(), "drop", FALSE, nullptr);
}

void ClientPeer::play() { gst_element_set_state(pipeline_.get(), GST_STATE_PLAYING); }

LocalDescription ClientPeer::describe() {
  run_until([this] { return own_.has_value(); });
  return *own_;
}

std::string ClientPeer::offer() {
  if (peer_->element()->numsinkpads == 0) {  // a receiver's
    const auto caps = GPtr<GstCaps>::adopt(gst_caps_from_string(voice_caps));
    GObject* transceiver = nullptr;
    g_signal_emit_by_name(peer_->element(), "add-transceiver", GST_WEBRTC_RTP_TRANSCEIVER_DIRECTION_RECVONLY,
                          caps.get(), &transceiver);
    g_object_unref(transceiver);
  }
  play();
  peer_->offer();
  return to_sdp(describe());
}

std::string ClientPeer::answer(const LocalDescription& offer) {
  const auto read = read_offer(to_sdp(offer));
  play();
  peer_->answer_sender(*read);
  auto own = describe();
  own.answer(*read);
  return to_sdp(own);
}

void ClientPeer::accept(const LocalDescription& answer) {
  // The server reads answers of receivers only; that of a sender, as the server's to WHEP, is read like its offer.
  auto read = answer.direction == "sendonly" ? read_offer(to_sdp(answer)) : read_answer(to_sdp(answer), payload_type);
  ASSERT_TRUE(read) << read.error().message;
  read->type = DescriptionType::answer;
  peer_->accept(*read);
}

}  // namespace voicecast
