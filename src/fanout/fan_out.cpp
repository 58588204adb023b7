// SPDX-License-Identifier: MIT
#include "fanout/fan_out.hpp"

#include <thread>

#include "base/thread_rule.hpp"
#include "gst/mapped_bytes.hpp"

namespace voicecast {
namespace {

using namespace std::chrono_literals;

/// Our time on a clock of 48 kHz (RFC 7587 §4.1), modulo 2^32.
std::uint32_t ticks(PacketRing::Time time) {
  using Ticks = std::chrono::duration<std::int64_t, std::ratio<1, 48000>>;
  return static_cast<std::uint32_t>(std::chrono::duration_cast<Ticks>(time.time_since_epoch()).count());
}

}  // namespace

// The main thread

FanOut::FanOut(GstElement* tee, std::shared_ptr<std::atomic<std::uint64_t>> unsent)
    : input_(GPtr<GstPad>::adopt(gst_element_get_static_pad(tee, "sink"))),
      unsent_(std::move(unsent)),
      probe_(watch_input()),
      seconds_(every(1s, [this] {
        tick();
        return true;
      })) {}

FanOut::~FanOut() {
  seconds_.reset();
  gst_pad_remove_probe(input_.get(), probe_);
  while (!is_input_gone_) std::this_thread::yield();
}

/// GStreamer calls the destroy function once the probe is removed and its last call has returned.
gulong FanOut::watch_input() {
  return gst_pad_add_probe(
      input_.get(), GST_PAD_PROBE_TYPE_BUFFER,
      [](GstPad*, GstPadProbeInfo* info, gpointer p) noexcept {
        static_cast<FanOut*>(p)->send(GST_PAD_PROBE_INFO_BUFFER(info));
        return GST_PAD_PROBE_OK;
      },
      this, [](gpointer p) { static_cast<FanOut*>(p)->is_input_gone_ = true; });
}

std::shared_ptr<FanOutMember> FanOut::join(FanOutMember::Terms terms) {
  assert_main_thread();
  auto member = std::make_shared<FanOutMember>(std::move(terms), unsent_);
  auto members = *current_;
  members.push_back(member);
  change(std::move(members));
  return member;
}

void FanOut::leave(const std::shared_ptr<FanOutMember>& member) {
  assert_main_thread();
  auto members = *current_;
  std::erase(members, member);
  change(std::move(members));
}

void FanOut::change(Members members) {
  old_.push_back(std::move(current_));
  current_ = std::make_unique<const Members>(std::move(members));
  published_ = current_.get();
  tidy();
}

void FanOut::tidy() {
  std::erase_if(old_, [this](const auto& list) { return in_use_ != list.get(); });
}

void FanOut::tick() {
  tidy();
  for (const auto& member : *current_) member->read_inbox(ring_);
  const auto rtp = rtp_time(PacketRing::Time::clock::now());
  if (!rtp) return;
  const auto ntp = ntp_time(std::chrono::system_clock::now());
  for (const auto& member : *current_) member->tick(ntp, *rtp);
}

std::optional<std::uint32_t> FanOut::rtp_time(PacketRing::Time now) const {
  if (!has_clock_) return std::nullopt;
  return clock_offset_.load(std::memory_order_relaxed) + ticks(now);
}

// The jitter buffer's thread

void FanOut::send(GstBuffer* buffer) {
  const MappedBytes mapped(buffer);
  const auto packet = read_rtp(mapped.bytes());
  const bool fits = mapped.bytes().size() + SrtpSender::max_overhead_bytes <= SendBatch::max_packet_bytes;
  const auto index = packet && fits ? index_of(*packet) : std::nullopt;
  if (!index) return;
  const auto now = PacketRing::Time::clock::now();
  clock_offset_.store(packet->timestamp - ticks(now), std::memory_order_relaxed);
  has_clock_.store(true, std::memory_order_relaxed);
  ring_.put(*index, buffer, now);
  send_to_members(*packet, *index);
}

/// The index of a packet of the stream's only source. A packet without a new index (a repetition, or another source) is
/// neither sent nor kept: a retransmission of the index would then encrypt other data with the same key stream (RFC
/// 3711 §9.1).
std::optional<std::uint64_t> FanOut::index_of(const RtpPacket& packet) {
  if (ssrc_.value_or(packet.ssrc) != packet.ssrc) return std::nullopt;
  ssrc_ = packet.ssrc;
  return indexes_.advance(packet.sequence);
}

void FanOut::send_to_members(const RtpPacket& packet, std::uint64_t index) {
  const Members* members = published_;
  for (in_use_ = members; published_ != members; in_use_ = members) members = published_;
  for (const auto& member : *members) member->take(packet, index, batch_);
  batch_.flush();
  in_use_ = nullptr;
}

}  // namespace voicecast
