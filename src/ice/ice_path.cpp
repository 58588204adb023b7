// SPDX-License-Identifier: MIT
#include "ice/ice_path.hpp"

namespace voicecast {

bool send_by(const IcePath::Way& way, std::span<const std::uint8_t> packet) {
  if (const auto* udp = std::get_if<UdpPath>(&way))
    return sendto(udp->socket, packet.data(), packet.size(), MSG_DONTWAIT | MSG_NOSIGNAL,
                  reinterpret_cast<const sockaddr*>(&udp->address), udp->address_size) >= 0;
  const auto* send = std::get_if<IcePath::Send>(&way);
  if (send) (*send)(packet);
  return send;
}

}  // namespace voicecast
