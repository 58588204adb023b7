// SPDX-License-Identifier: MIT
#include "ice/peer_addresses.hpp"

#include <algorithm>

#include "rtp/packet_kind.hpp"

namespace voicecast {

bool PeerAddresses::Sharers::has(const std::shared_ptr<IceSession>& session) const {
  return std::ranges::find(sessions, session) != sessions.end();
}

void PeerAddresses::note(const IceAddress& from, const std::shared_ptr<IceSession>& session) {
  const auto known = sharers_.find(from);
  if (known == sharers_.end() || !known->second.has(session)) {
    make_room(session);
    auto& sessions = sharers_[from].sessions;
    if (sessions.size() == max_sharers) sessions.pop_back();
    sessions.push_back(session);
  }
  sharers_[from].latest = session;
}

void PeerAddresses::make_room(const std::shared_ptr<IceSession>& session) {
  const auto is_of_it = [&](const auto& one) { return one.second.has(session); };
  if (std::ranges::count_if(sharers_, is_of_it) < max_addresses) return;
  const auto other = std::ranges::find_if(sharers_, is_of_it);
  auto& [sessions, latest] = other->second;
  std::erase(sessions, session);
  if (sessions.empty())
    sharers_.erase(other);
  else if (latest == session)
    latest = sessions.back();
}

bool PeerAddresses::deliver(const IceAddress& from, std::span<const std::uint8_t> packet) const {
  const auto found = sharers_.find(from);
  if (found == sharers_.end()) return false;
  const auto& [sessions, latest] = found->second;
  if (kind_of(packet) == PacketKind::dtls)
    latest->on_packet(packet);
  else
    for (const auto& session : sessions) session->on_packet(packet);
  return true;
}

void PeerAddresses::forget_closed() {
  const auto is_closed = [](const auto& session) { return session->is_closed(); };
  for (auto& [from, sharers] : sharers_) {
    std::erase_if(sharers.sessions, is_closed);
    if (!sharers.sessions.empty() && is_closed(sharers.latest)) sharers.latest = sharers.sessions.back();
  }
  std::erase_if(sharers_, [](const auto& one) { return one.second.sessions.empty(); });
}

}  // namespace voicecast
