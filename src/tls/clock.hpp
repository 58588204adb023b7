// SPDX-License-Identifier: MIT
#pragma once

#include <optional>

#include "tls/x509.hpp"

namespace voicecast {

/// Whether something keeps the machine's clock right (NTP, say), as the kernel knows it; none where the kernel is not
/// to be asked, as in a service with ProtectClock=yes. Any thread.
std::optional<bool> is_clock_synchronized();

/// When this program was made, as its file says: no clock that is right stands before. Any thread.
TimePoint time_of_program();

}  // namespace voicecast
