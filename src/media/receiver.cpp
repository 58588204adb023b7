#include "media/receiver.hpp"

#include <gst/webrtc/webrtc.h>

#include "glib/gst.hpp"
#include "media/rtp_mapping.hpp"

namespace voicecast {

namespace {

GPtr<GstCaps> caps_of(const VoiceFormat& format) {
  auto* caps = gst_caps_new_simple("application/x-rtp", "media", G_TYPE_STRING, "audio", "encoding-name", G_TYPE_STRING,
                                   "OPUS", "clock-rate", G_TYPE_INT, 48000, "encoding-params", G_TYPE_STRING, "2",
                                   "payload", G_TYPE_INT, static_cast<int>(format.payload_type), "minptime",
                                   G_TYPE_STRING, "10", "useinbandfec", G_TYPE_STRING, "1", nullptr);
  if (format.is_stereo)
    gst_caps_set_simple(caps, "stereo", G_TYPE_STRING, "1", "sprop-stereo", G_TYPE_STRING, "1", nullptr);
  if (format.ssrc) gst_caps_set_simple(caps, "ssrc", G_TYPE_UINT, *format.ssrc, nullptr);
  return GPtr<GstCaps>::adopt(caps);
}

/// Puts the webrtcbin into the bin of receiver.launch, in place of its open end, to send `format` and nothing else.
Status end_in(GstElement* bin, GstElement* webrtcbin, const VoiceFormat& format, bool is_mapped) {
  const auto caps = caps_of(format);
  const auto end = GPtr<GstPad>::adopt(gst_element_get_static_pad(bin, "src"));
  if (!end) return Error{ErrorCode::failed, "receiver.launch has no open end for the webrtcbin"};
  const auto last = GPtr<GstPad>::adopt(gst_ghost_pad_get_target(GST_GHOST_PAD(end.get())));
  gst_element_remove_pad(bin, end.get());
  if (is_mapped) map_packets(last.get(), format.payload_type);
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

Result<std::unique_ptr<Receiver>> Receiver::attach(const std::string& name, GPtr<GstElement> tee,
                                                   const VoiceFormat& format, bool is_mapped, const MediaConfig& config,
                                                   PeerEvents& events, std::shared_ptr<void> place) {
  auto bin = config.texts.build_bin("receiver", name);
  if (!bin) return bin.error();
  auto peer = Peer::create("webrtc_" + name, make_ice_agent(config), config.packets_per_second, events);
  if (!peer) return peer.error();
  (*peer)->set_public_address(config.ice.public_address);
  if (auto status = end_in(bin->get(), (*peer)->element(), format, is_mapped); !status) return status.error();
  auto branch = Branch::attach(std::move(tee), std::move(*bin));
  if (!branch) return branch.error();
  return std::unique_ptr<Receiver>(new Receiver(std::move(*peer), std::move(*branch), std::move(place)));
}

Result<std::unique_ptr<Receiver>> Receiver::join(const std::string& name, GPtr<GstElement> tee,
                                                 const VoiceFormat& format, const MediaConfig& config,
                                                 PeerEvents& events, std::shared_ptr<void> place) {
  auto receiver = attach(name, std::move(tee), format, false, config, events, std::move(place));
  if (receiver) (*receiver)->peer_->offer();
  return receiver;
}

Result<std::unique_ptr<Receiver>> Receiver::answer(const std::string& name, GPtr<GstElement> tee,
                                                   const VoiceFormat& format, const RemoteDescription& offer,
                                                   const MediaConfig& config, PeerEvents& events,
                                                   std::shared_ptr<void> place) {
  auto his_format = format;
  his_format.payload_type = offer.payload_type;
  auto receiver = attach(name, std::move(tee), his_format, true, config, events, std::move(place));
  if (receiver) (*receiver)->peer_->answer(offer);
  return receiver;
}

Receiver::Receiver(std::shared_ptr<Peer> peer, Branch branch, std::shared_ptr<void> place)
    : peer_(std::move(peer)), branch_(std::move(branch)), place_(std::move(place)) {}

void Receiver::accept(const RemoteDescription& answer) {
  answer_ = answer;
  peer_->accept(answer);
}

Result<std::string> Receiver::resume(const RemoteDescription& again, std::string_view offer) {
  if (!answer_ || !continues(again, *answer_)) return Error{ErrorCode::not_found, "it is another connection"};
  const auto ice = peer_->restart_ice({again.ice_ufrag, again.ice_pwd, again.candidates});
  if (!ice) return ice.error();
  // Who does what in DTLS was settled by his answer (RFC 8842 §5.5).
  return renewed_description(offer, *ice, answer_->setup == "active" ? "passive" : "active");
}

void Receiver::open_gate() {
  const auto gate = GPtr<GstElement>::adopt(gst_bin_get_by_name(GST_BIN(branch_.bin()), "gate"));
  if (gate) g_object_set(gate.get(), "drop", FALSE, nullptr);
}

}  // namespace voicecast
