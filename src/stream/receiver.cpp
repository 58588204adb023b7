// SPDX-License-Identifier: MIT
#include "stream/receiver.hpp"

#include <gst/webrtc/webrtc.h>

#include "gst/gst.hpp"
#include "gst/stop_element.hpp"
#include "stream/fan_out_egress.hpp"
#include "stream/rtp_mapping.hpp"
#include "stream/valve_egress.hpp"
#include "webrtc/direct_peer.hpp"
#include "webrtc/peer.hpp"

namespace voicecast {

namespace {

/// Advertises rtcp-fb nack only with retransmission.
GPtr<GstCaps> caps_of(const VoiceFormat& format, bool resends) {
  auto* caps = gst_caps_new_simple("application/x-rtp", "media", G_TYPE_STRING, "audio", "encoding-name", G_TYPE_STRING,
                                   "OPUS", "clock-rate", G_TYPE_INT, 48000, "encoding-params", G_TYPE_STRING, "2",
                                   "payload", G_TYPE_INT, static_cast<int>(format.payload_type), "minptime",
                                   G_TYPE_STRING, "10", "useinbandfec", G_TYPE_STRING, "1", nullptr);
  if (format.is_stereo)
    gst_caps_set_simple(caps, "stereo", G_TYPE_STRING, "1", "sprop-stereo", G_TYPE_STRING, "1", nullptr);
  if (resends) gst_caps_set_simple(caps, "rtcp-fb-nack", G_TYPE_BOOLEAN, TRUE, nullptr);
  if (format.ssrc) gst_caps_set_simple(caps, "ssrc", G_TYPE_UINT, *format.ssrc, nullptr);
  return GPtr<GstCaps>::adopt(caps);
}

/// Adds the webrtcbin to the bin of receiver.launch, linked to its unlinked source pad, to send its format only.
Status end_in(GstElement* bin, GstElement* webrtcbin, const VoiceSource& source, bool is_mapped) {
  const auto caps = caps_of(source.format, source.fan_out);
  const auto end = GPtr<GstPad>::adopt(gst_element_get_static_pad(bin, "src"));
  if (!end) return Error{ErrorCode::failed, "receiver.launch has no unlinked source pad for the webrtcbin"};
  const auto last = GPtr<GstPad>::adopt(gst_ghost_pad_get_target(GST_GHOST_PAD(end.get())));
  gst_element_remove_pad(bin, end.get());
  if (is_mapped && !source.fan_out) map_packets(last.get(), source.format.payload_type);
  gst_bin_add(GST_BIN(bin), webrtcbin);
  const auto sink = GPtr<GstPad>::adopt(gst_element_request_pad_simple(webrtcbin, "sink_0"));
  GObject* raw = nullptr;
  g_object_get(sink.get(), "transceiver", &raw, nullptr);
  const auto transceiver = GPtr<GObject>::adopt(raw);
  g_object_set(transceiver.get(), "codec-preferences", caps.get(), "direction",
               GST_WEBRTC_RTP_TRANSCEIVER_DIRECTION_SENDONLY, nullptr);
  if (gst_pad_link(last.get(), sink.get()) != GST_PAD_LINK_OK)
    return Error{ErrorCode::failed, "receiver.launch does not end in RTP"};
  return success();
}

}  // namespace

Result<std::unique_ptr<Receiver>> Receiver::join(const std::string& name, VoiceSource source,
                                                 const std::optional<RemoteDescription>& offer,
                                                 const MediaConfig& config, PeerEvents& events, Slot slot) {
  if (offer) source.format.payload_type = offer->payload_type;
  std::unique_ptr<Receiver> receiver(new Receiver(std::move(slot), source.fan_out != nullptr));
  const bool is_peer_lite = offer && offer->is_ice_lite;  // it makes no checks, so it needs a full agent
  const auto made = source.fan_out && config.ice_port && !is_peer_lite
                        ? receiver->make_direct_peer(source, config, events)
                        : receiver->make_webrtcbin(name, source, offer, config, events);
  if (!made) return made.error();
  if (offer)
    receiver->peer_->answer(*offer);
  else
    receiver->peer_->offer();
  return receiver;
}

Status Receiver::make_direct_peer(const VoiceSource& source, const MediaConfig& config, PeerEvents& events) {
  auto peer = DirectPeer::create(
      config.ice_port, {source.format, resends_, config.packets_per_second, config.ice.public_address}, events);
  if (!peer) return peer.error();
  peer_slot_ = config.peers.take();
  egress_ = std::make_shared<FanOutEgress>(*source.fan_out, **peer, source.format);
  peer_ = std::move(*peer);
  return success();
}

Status Receiver::make_webrtcbin(const std::string& name, const VoiceSource& source,
                                const std::optional<RemoteDescription>& offer, const MediaConfig& config,
                                PeerEvents& events) {
  auto bin = config.texts.build_bin("receiver", name);
  if (!bin) return bin.error();
  auto agent = make_ice_agent(config.ice, config.ice_port, offer && offer->is_ice_lite);
  auto made = Peer::create("webrtc_" + name, std::move(agent), config.packets_per_second, events);
  if (!made) return made.error();
  const auto peer = *made;
  occupy(peer->element(), config.peers.take());
  peer->set_public_address(config.ice.public_address);
  if (auto status = end_in(bin->get(), peer->element(), source, offer.has_value()); !status) return status;
  auto branch =
      source.fan_out ? Branch::beside(source.tee, std::move(*bin)) : Branch::attach(source.tee, std::move(*bin));
  if (!branch) return branch.error();
  if (source.fan_out)
    egress_ = std::make_shared<FanOutEgress>(*source.fan_out, *peer, source.format);
  else
    egress_ = make_valve_egress(branch->bin(), peer->element());
  branch_.emplace(std::move(*branch));
  peer_ = peer;
  return success();
}

void Receiver::accept(const RemoteDescription& answer) { peer_->accept(answer); }

void Receiver::add_candidate(const std::string& candidate) { peer_->add_candidate(candidate); }

Result<IceParameters> Receiver::restart_ice(const IceParameters& remote) { return peer_->restart_ice(remote); }

}  // namespace voicecast
