// SPDX-License-Identifier: MIT
#include "fanout/fan_out.hpp"

#include "base/thread_rule.hpp"

namespace voicecast {

using namespace std::chrono_literals;

FanOut::FanOut(GstElement* tee, std::shared_ptr<std::atomic<std::uint64_t>> unsent)
    : input_(GPtr<GstPad>::adopt(gst_element_get_static_pad(tee, "sink"))),
      unsent_(std::move(unsent)),
      fan_(std::make_shared<PacketFan>()),
      probe_(gst_pad_add_probe(
          input_.get(), GST_PAD_PROBE_TYPE_BUFFER,
          [](GstPad*, GstPadProbeInfo* info, gpointer p) noexcept {
            (*static_cast<std::shared_ptr<PacketFan>*>(p))->send(GST_PAD_PROBE_INFO_BUFFER(info));
            return GST_PAD_PROBE_OK;
          },
          new std::shared_ptr<PacketFan>(fan_),
          [](gpointer p) { delete static_cast<std::shared_ptr<PacketFan>*>(p); })),
      seconds_(every(1s, [this] {
        tick();
        return true;
      })) {}

FanOut::~FanOut() {
  gst_pad_remove_probe(input_.get(), probe_);
  fan_->finish();
}

std::shared_ptr<FanOutMember> FanOut::join(FanOutMember::Terms terms) {
  assert_main_thread();
  auto member = std::make_shared<FanOutMember>(std::move(terms), unsent_);
  auto members = fan_->members();
  members.push_back(member);
  fan_->change(std::move(members));
  return member;
}

void FanOut::leave(const std::shared_ptr<FanOutMember>& member) {
  assert_main_thread();
  auto members = fan_->members();
  std::erase(members, member);
  fan_->change(std::move(members));
}

void FanOut::tick() {
  fan_->tidy();
  for (const auto& member : fan_->members()) member->read_inbox(ring());
  const auto rtp_time = fan_->rtp_time(PacketRing::Time::clock::now());
  if (!rtp_time) return;
  const auto ntp = ntp_time(std::chrono::system_clock::now());
  for (const auto& member : fan_->members()) member->tick(ntp, *rtp_time);
}

}  // namespace voicecast
