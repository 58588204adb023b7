// SPDX-License-Identifier: MIT
#include "stream/receiver.hpp"

#include <gst/webrtc/webrtc.h>

#include "gst/gst.hpp"
#include "gst/stop_element.hpp"
#include "stream/fan_out_egress.hpp"
#include "stream/rtp_mapping.hpp"
#include "stream/valve_egress.hpp"

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
  auto bin = config.texts.build_bin("receiver", name);
  if (!bin) return bin.error();
  auto agent = make_ice_agent(config.ice, config.ice_port, offer && offer->is_ice_lite);
  auto peer = Peer::create("webrtc_" + name, std::move(agent), config.packets_per_second, events);
  if (!peer) return peer.error();
  occupy((*peer)->element(), config.peers.take());
  (*peer)->set_public_address(config.ice.public_address);
  if (auto status = end_in(bin->get(), (*peer)->element(), source, offer.has_value()); !status) return status.error();
  auto branch =
      source.fan_out ? Branch::beside(source.tee, std::move(*bin)) : Branch::attach(source.tee, std::move(*bin));
  if (!branch) return branch.error();
  auto egress = source.fan_out ? std::make_unique<FanOutEgress>(*source.fan_out, **peer, source.format)
                               : make_valve_egress(branch->bin(), (*peer)->element());
  if (offer)
    (*peer)->answer(*offer);
  else
    (*peer)->offer();
  return std::unique_ptr<Receiver>(new Receiver(std::move(*peer), std::move(*branch), std::move(egress),
                                                std::move(slot), source.fan_out != nullptr));
}

Receiver::Receiver(std::shared_ptr<Peer> peer, Branch branch, std::shared_ptr<ReceiverEgress> egress, Slot slot,
                   bool resends)
    : peer_(std::move(peer)),
      branch_(std::move(branch)),
      egress_(std::move(egress)),
      slot_(std::move(slot)),
      resends_(resends) {}

}  // namespace voicecast
