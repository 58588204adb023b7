// SPDX-License-Identifier: MIT
#pragma once

#include <optional>

#include "tls/x509.hpp"

namespace voicecast {

/// Whether the machine's clock is synchronized (by NTP, for example), according to the kernel; nothing if the kernel
/// may not be queried, as in a service with ProtectClock=yes. Any thread.
std::optional<bool> is_clock_synchronized();

/// The modification time of the program's file: a correct clock is never before it. Any thread.
TimePoint time_of_program();

}  // namespace voicecast
