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
  std::string address;  ///< In the form of address_text(), without a zone.
  bool operator==(const LocalAddress&) const = default;
};

/// The input of check_addresses().
struct AddressFacts {
  std::vector<LocalAddress> all;                ///< Including loopback and link-local addresses.
  std::vector<std::string> default_candidates;  ///< WebRTC's candidates without --ice-address.
  IceConfig ice;
  std::optional<std::uint16_t> shared_port = {};  ///< The port of --ice lite.
};

/// Reads the interfaces' addresses. Any thread.
AddressFacts look_at_addresses(const Config& config);

/// WebRTC's candidates: the --ice-address values that this machine has, otherwise `default_candidates`. Pure.
std::vector<std::string> candidate_addresses(const AddressFacts& facts);

/// Pure.
Findings check_addresses(const AddressFacts& facts);

}  // namespace voicecast
