// SPDX-License-Identifier: MIT
#include "stream/stream.hpp"

#include <gst/webrtc/webrtc.h>

#include <array>
#include <optional>

#include "audio/mp3_output.hpp"
#include "audio/ogg_output.hpp"
#include "base/background.hpp"
#include "base/log.hpp"
#include "base/thread_rule.hpp"
#include "fanout/fan_out.hpp"
#include "gst/bus.hpp"
#include "gst/graph.hpp"
#include "gst/gst.hpp"
#include "gst/mapped_bytes.hpp"
#include "gst/stop_element.hpp"
#include "rtp/rtp_packet.hpp"

namespace voicecast {

namespace {

/// A voice without packets for this time is shown as silent. Opus with DTX sends a packet every 400 ms.
constexpr std::chrono::seconds silent_after{1};

/// Counts the packets at the tee's input, for the stream and for all streams; reports the first. On the streaming
/// thread.
template <class F>
struct PacketCounter {
  std::array<std::shared_ptr<MediaCounters>, 2> counters;
  F on_first;
  std::optional<std::uint16_t> last_sequence = {};

  void count(GstBuffer* buffer) {
    const MappedBytes mapped(buffer);
    const auto packet = read_rtp(mapped.bytes());
    const auto payload = packet ? unpadded_payload(*packet) : std::nullopt;
    if (!payload) return;
    if (!last_sequence) on_first(packet->payload_type(), packet->ssrc);
    const auto lost = lost_before(packet->sequence);
    last_sequence = packet->sequence;
    const auto now = std::chrono::steady_clock::now();
    for (const auto& counter : counters) {
      counter->last_packet.store(now, std::memory_order_relaxed);
      counter->audio_bytes.fetch_add(payload->size(), std::memory_order_relaxed);
      counter->audio_packets.fetch_add(1, std::memory_order_relaxed);
      if (lost) counter->lost_packets.fetch_add(lost, std::memory_order_relaxed);
    }
  }
  /// A large step is a discontinuity, not a loss (RFC 3550 appendix A.1: MAX_DROPOUT).
  unsigned lost_before(std::uint16_t sequence) const {
    constexpr unsigned max_dropout = 3000;
    const auto step = last_sequence ? static_cast<std::uint16_t>(sequence - *last_sequence) : 1U;
    return step > 0 && step < max_dropout ? step - 1 : 0;
  }
};

template <class F>
void count_packets(GstPad* pad, std::array<std::shared_ptr<MediaCounters>, 2> counters, F on_first) {
  using Counter = PacketCounter<F>;
  gst_pad_add_probe(
      pad, GST_PAD_PROBE_TYPE_BUFFER,
      [](GstPad*, GstPadProbeInfo* info, gpointer p) noexcept {
        static_cast<Counter*>(p)->count(GST_PAD_PROBE_INFO_BUFFER(info));
        return GST_PAD_PROBE_OK;
      },
      new Counter{std::move(counters), std::move(on_first)}, [](gpointer p) { delete static_cast<Counter*>(p); });
}

/// Links the sender's first track; the server accepts one. A further one (a second SSRC) goes to a fakesink, for an
/// unlinked pad would end the stream with "not linked". On the streaming thread.
void link_track(GstElement* pipeline, GstPad* track) {
  if (GST_PAD_DIRECTION(track) != GST_PAD_SRC) return;
  const auto voice = GPtr<GstElement>::adopt(gst_bin_get_by_name(GST_BIN(pipeline), "voice"));
  auto sink = GPtr<GstPad>::adopt(gst_element_get_static_pad(voice.get(), "sink"));
  if (gst_pad_is_linked(sink.get())) {
    auto* swallow = gst_element_factory_make("fakesink", nullptr);
    g_object_set(swallow, "async", FALSE, "sync", FALSE, nullptr);
    gst_bin_add(GST_BIN(pipeline), swallow);
    gst_element_sync_state_with_parent(swallow);
    sink = GPtr<GstPad>::adopt(gst_element_get_static_pad(swallow, "sink"));
  }
  gst_pad_link(track, sink.get());
}

}  // namespace

Result<std::shared_ptr<Stream>> Stream::open(const std::string& id, const std::string& name,
                                             const RemoteDescription& offer, MediaConfig& config,
                                             std::function<void()> on_live, MediaEvents& events) {
  auto pipeline = config.texts.build_pipeline("stream", id);
  if (!pipeline) return pipeline.error();
  std::shared_ptr<Stream> stream(new Stream(id, name, config, std::move(on_live), events, offer));
  if (auto status = stream->start(std::move(*pipeline)); !status) return status.error();
  return stream;
}

Stream::Stream(std::string id, std::string name, MediaConfig& config, std::function<void()> on_live,
               MediaEvents& events, const RemoteDescription& offer)
    : id_(std::move(id)),
      name_(std::move(name)),
      config_(config),
      on_live_(std::move(on_live)),
      events_(events),
      offer_(offer) {}

Status Stream::start(GPtr<GstElement> pipeline) {
  pipeline_ = std::move(pipeline);
  tee_ = GPtr<GstElement>::adopt(gst_bin_get_by_name(GST_BIN(pipeline_.get()), "tee"));
  const auto voice = GPtr<GstElement>::adopt(gst_bin_get_by_name(GST_BIN(pipeline_.get()), "voice"));
  if (!tee_ || !voice) return Error{ErrorCode::failed, "stream.launch needs elements named \"voice\" and \"tee\""};
  if (config_.is_fanned_out) fan_out_ = std::make_unique<FanOut>(tee_.get(), config_.unsent_packets);
  auto peer = Peer::create("webrtc_" + id_, make_ice_agent(config_.ice, config_.ice_port, offer_.is_ice_lite),
                           config_.packets_per_second, *this);
  if (!peer) return peer.error();
  peer_ = std::move(*peer);
  occupy(peer_->element(), config_.peers.take());
  peer_->set_public_address(config_.ice.public_address);
  gst_bin_add(GST_BIN(pipeline_.get()), peer_->element());
  const auto self = weak_from_this();
  connections_.emplace_back(peer_->element(), "pad-added",
                            [pipeline = pipeline_.get()](GstElement*, GstPad* pad) { link_track(pipeline, pad); });
  watch_errors(pipeline_.get(), [self](const PipelineError& error) {
    if (const auto stream = self.lock()) stream->on_error(error);
  });
  const auto input = GPtr<GstPad>::adopt(gst_element_get_static_pad(tee_.get(), "sink"));
  count_packets(input.get(), {config_.counters, counters_},
                [self, is_stereo = offer_.sends_stereo](unsigned pt, guint32 ssrc) {
                  post([self, format = VoiceFormat{pt, ssrc, is_stereo}] {
                    if (const auto stream = self.lock()) stream->on_voice(format);
                  });
                });
  if (gst_element_set_state(pipeline_.get(), GST_STATE_PLAYING) == GST_STATE_CHANGE_FAILURE)
    return Error{ErrorCode::failed, "the pipeline cannot be started"};
  peer_->answer_sender(offer_);
  return success();
}

Stream::~Stream() {
  assert_main_thread();
  connections_.clear();
  fan_out_.reset();
  if (pipeline_) in_background("stopping " + id_, [pipeline = std::move(pipeline_)] { stop_element(pipeline.get()); });
}

/// Dumps the current pipeline if GST_DEBUG_DUMP_DOT_DIR is set.
void Stream::dump(const char* when) const {
  GST_DEBUG_BIN_TO_DOT_FILE_WITH_TS(GST_BIN(pipeline_.get()), GST_DEBUG_GRAPH_SHOW_ALL, (id_ + "_" + when).c_str());
}

void Stream::draw(std::function<void(const std::string&)> done) const {
  assert_main_thread();
  in_background("drawing " + id_, [pipeline = pipeline_, done = std::move(done)]() mutable {
    post([graph = graph_of(pipeline.get()), done = std::move(done)] { done(graph); });
  });
}

/// The name of a branch is in use until it is stopped, so each gets a new one.
std::string Stream::branch_name(const char* kind) { return kind + id_ + "_" + std::to_string(++branches_made_); }

Result<std::unique_ptr<Receiver>> Stream::join(const std::optional<RemoteDescription>& offer, PeerEvents& events) {
  assert_main_thread();
  auto receiver = Receiver::join(branch_name("receiver_"), {tee_, fan_out_.get(), format_}, offer, config_, events,
                                 receivers_.take());
  note(receiver);
  dump("joined");
  return receiver;
}

Slot Stream::note_connected(std::chrono::duration<double> after) {
  config_.join_times.observe(after);
  return config_.connected_receivers.take();
}

void Stream::note(const Result<std::unique_ptr<Receiver>>& receiver) {
  std::erase_if(listening_, [](const auto& egress) { return egress.expired(); });
  if (receiver) listening_.push_back((*receiver)->egress());
}

StreamDetails Stream::details() const {
  StreamDetails details;
  details.id = id_;
  details.name = name_;
  details.since = since_;
  details.webrtc_listeners = static_cast<unsigned>(receiver_count());
  for (const auto& weak : listening_)
    if (const auto egress = weak.lock())
      if (const auto reception = egress->reception()) details.receptions.push_back(*reception);
  details.received_bytes = counters_->audio_bytes;
  details.received_packets = counters_->audio_packets;
  details.lost_packets = counters_->lost_packets;
  details.is_silent = std::chrono::steady_clock::now() - counters_->last_packet.load() > silent_after;
  return details;
}

Result<std::shared_ptr<Mp3Output>> Stream::mp3() {
  if (auto running = mp3_.lock()) return running;
  auto started =
      Mp3Output::start(branch_name("mp3_"), tee_, config_.texts, config_.mp3_bitrate_kbps, config_.encoder_times);
  if (started) mp3_ = *started;
  dump("mp3");
  return started;
}

Result<std::shared_ptr<OpusOutput>> Stream::opus() {
  if (auto running = opus_.lock()) return running;
  auto started = OpusOutput::start(branch_name("opus_"), tee_, config_.texts);
  if (started) opus_ = *started;
  dump("opus");
  return started;
}

Result<std::shared_ptr<OggOutput>> Stream::ogg() {
  if (auto running = ogg_.lock()) return running;
  auto packets = opus();
  if (!packets) return packets.error();
  auto started = std::make_shared<OggOutput>(std::move(*packets), name_);
  ogg_ = started;
  return started;
}

void Stream::on_voice(VoiceFormat format) {
  assert_main_thread();
  format_ = format;
  has_voice_ = true;
  go_live();
}

/// The first packet may arrive before the sender's certificate is verified.
void Stream::go_live() {
  if (is_live_ || !has_voice_ || !is_connected_) return;
  is_live_ = true;
  since_ = std::chrono::system_clock::now();
  dump("live");
  log_info(id_ + " is live", {{"VOICECAST_STREAM", id_}});
  const auto alive_until_told = shared_from_this();
  on_live_();
}

/// An error in a branch concerns that branch only (Branch keeps it from the tee); any other error ends the stream.
void Stream::on_error(const PipelineError& error) {
  log_warning(id_ + ": " + error.element + ": " + error.words, {{"VOICECAST_STREAM", id_}});
  if (!error.is_branch) on_failed({ErrorCode::failed, error.words});
}

void Stream::on_local_description(LocalDescription description) {
  description.answer(offer_);
  answer_ = std::move(description);
  events_.on_description(*answer_);
}

Result<LocalDescription> Stream::resume(const RemoteDescription& offer) {
  if (!answer_ || !continues(offer, offer_)) return Error{ErrorCode::not_found, "it is another connection"};
  auto ice = peer_->restart_ice({offer.ice_ufrag, offer.ice_pwd, offer.candidates});
  if (!ice) return ice.error();
  offer_ = offer;
  answer_->renew(std::move(*ice));
  log_info(id_ + ": the sender restarts ICE", {{"VOICECAST_STREAM", id_}});
  return *answer_;
}

void Stream::on_local_candidate(const std::string& candidate) {
  events_.on_candidate(candidate, offer_.mid, offer_.mline_index);
}

void Stream::on_connected() {
  log_info(id_ + ": the sender is connected", {{"VOICECAST_STREAM", id_}});
  is_connected_ = true;
  go_live();
}

void Stream::on_failed(const Error& reason) {
  has_failed_ = reason.code != ErrorCode::closed;
  events_.on_failed(reason);
}

}  // namespace voicecast
