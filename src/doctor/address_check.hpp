// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "config/config.hpp"
#include "doctor/finding.hpp"

namespace voicecast {

/// An address of one of this machine's interfaces.
struct LocalAddress {
  std::string interface;
  std::string address;  ///< As address_text() writes it, without a zone.
  bool operator==(const LocalAddress&) const = default;
};

struct AddressFacts {
  std::vector<LocalAddress> all;     ///< Loopback and link-local ones, too.
  std::vector<std::string> unasked;  ///< Those that WebRTC names to peers where no --ice-address is given.
  IceConfig ice;
  std::optional<std::uint16_t> shared_port = {};  ///< Of --ice lite.
};

/// Asks the kernel.
AddressFacts look_at_addresses(const Config& config);

/// What WebRTC names to peers: those of --ice-address that this machine has, else `unasked`. Pure.
std::vector<std::string> candidate_addresses(const AddressFacts& facts);

/// Pure.
Findings check_addresses(const AddressFacts& facts);

}  // namespace voicecast
