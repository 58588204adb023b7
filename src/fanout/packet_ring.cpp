// SPDX-License-Identifier: MIT
#include "fanout/packet_ring.hpp"

namespace voicecast {

void PacketRing::put(std::uint64_t index, GstBuffer* packet, Time now) {
  auto& slot = slots_[index % slots_.size()];
  if (slot.is_used.test_and_set(std::memory_order_acquire)) return;  // being read: this packet is not kept
  slot.packet = GPtr<GstBuffer>::share(packet);
  slot.index = index;
  slot.came = now;
  slot.is_used.clear(std::memory_order_release);
}

GPtr<GstBuffer> PacketRing::find(std::uint64_t index, Time now) {
  auto& slot = slots_[index % slots_.size()];
  if (slot.is_used.test_and_set(std::memory_order_acquire)) return {};  // being replaced
  const bool is_here = slot.packet && slot.index == index && now - slot.came <= memory;
  auto packet = is_here ? slot.packet : GPtr<GstBuffer>();
  slot.is_used.clear(std::memory_order_release);
  return packet;
}

}  // namespace voicecast
