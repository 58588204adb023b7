// SPDX-License-Identifier: MIT
#pragma once

#include <optional>

#include "doctor/finding.hpp"
#include "tls/x509.hpp"

namespace voicecast {

struct ClockFacts {
  TimePoint now;
  TimePoint program_made;               ///< When this program's file was written.
  std::optional<bool> is_synchronized;  ///< As the kernel was told by who sets the clock; none: it does not say.
};

/// Asks the kernel; who sets the clock (systemd-timesyncd, chrony, ntpd) has told it.
ClockFacts look_at_clock(TimePoint now);

/// Pure.
Findings check_clock(const ClockFacts& facts);

}  // namespace voicecast
