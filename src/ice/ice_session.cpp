// SPDX-License-Identifier: MIT
#include "ice/ice_session.hpp"

#include <netinet/in.h>

#include <cstring>
#include <functional>
#include <string_view>
#include <utility>

namespace voicecast {
namespace {

/// The address bytes, without flow label and padding.
std::string_view bytes_of(const sockaddr_storage& address) {
  const auto* v6 = reinterpret_cast<const sockaddr_in6*>(&address);
  const auto* v4 = reinterpret_cast<const sockaddr_in*>(&address);
  return address.ss_family == AF_INET6
             ? std::string_view(reinterpret_cast<const char*>(&v6->sin6_addr), sizeof v6->sin6_addr)
             : std::string_view(reinterpret_cast<const char*>(&v4->sin_addr), sizeof v4->sin_addr);
}

/// At the same offset in both families.
std::uint16_t port_of(const sockaddr_storage& address) {
  return reinterpret_cast<const sockaddr_in*>(&address)->sin_port;
}

}  // namespace

bool IceAddress::operator==(const IceAddress& other) const {
  return socket == other.socket && address.ss_family == other.address.ss_family &&
         port_of(address) == port_of(other.address) && bytes_of(address) == bytes_of(other.address);
}

std::size_t IceAddressHash::operator()(const IceAddress& address) const {
  const auto hash = std::hash<std::string_view>()(bytes_of(address.address));
  return hash ^ (static_cast<std::size_t>(port_of(address.address)) << 16) ^ static_cast<std::size_t>(address.socket);
}

void IceSession::close() {
  const std::lock_guard lock(mutex_);
  events_ = nullptr;
}

bool IceSession::is_closed() const {
  const std::lock_guard lock(mutex_);
  return !events_;
}

void IceSession::tell(IceSessionEvents::State state) {
  const std::lock_guard lock(mutex_);
  if (events_) events_->on_state(state);
}

void IceSession::on_packet(std::span<const std::uint8_t> packet) {
  const std::lock_guard lock(mutex_);
  if (events_) events_->on_packet(packet);
}

bool IceSession::shall_take(const IceAddress& from, unsigned credentials, bool nominates, std::uint32_t priority,
                            Time now) const {
  if (!is_connected_) return true;
  if (from == current_) return false;
  if (credentials < credentials_) return false;
  if (!nominates) return now - last_check_on_current_ > silence_of_a_moved_peer;
  const bool is_contested = is_nominated_ && credentials == credentials_ && priority < priority_ &&
                            now - last_check_on_current_ < nomination_window;
  return !is_contested;
}

void IceSession::on_check(const IceAddress& from, IcePath::Way way, unsigned credentials, bool nominates,
                          std::uint32_t priority, Time now) {
  last_check_ = now;
  if (shall_take(from, credentials, nominates, priority, now)) {
    current_ = from;
    is_nominated_ = false;
    path_->set(std::move(way));
  }
  if (from == current_) {
    last_check_on_current_ = now;
    priority_ = priority;
    if (nominates || !is_connected_) credentials_ = credentials;
  }
  if (!std::exchange(is_connected_, true)) tell(IceSessionEvents::State::connected);
  if (nominates && from == current_ && !std::exchange(is_nominated_, true)) tell(IceSessionEvents::State::nominated);
}

void IceSession::check_consent(Time now) {
  if (!is_connected_ || has_failed_) return;
  if (is_confirmed_.exchange(false, std::memory_order_relaxed)) last_check_ = now;
  if (now - last_check_ < consent_limit) return;
  has_failed_ = true;
  tell(IceSessionEvents::State::failed);
}

}  // namespace voicecast
