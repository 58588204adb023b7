// SPDX-License-Identifier: MIT
#pragma once

#include <optional>

#include "doctor/finding.hpp"
#include "tls/x509.hpp"

namespace voicecast {

/// The input of check_clock().
struct ClockFacts {
  TimePoint now;
  TimePoint program_made;               ///< The modification time of the program's file.
  std::optional<bool> is_synchronized;  ///< From the kernel (adjtimex); nothing: unknown.
};

/// Reads the kernel's state, which systemd-timesyncd, chrony and ntpd set. Any thread.
ClockFacts look_at_clock(TimePoint now);

/// Pure.
Findings check_clock(const ClockFacts& facts);

}  // namespace voicecast
