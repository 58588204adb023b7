// SPDX-License-Identifier: MIT
#pragma once

#include <span>
#include <string>

#include "config/config.hpp"

namespace voicecast {

/// `voicecast doctor …`: looks at what the server would need of this machine with these settings, and says what to do.
/// `arguments` are those behind `doctor`. Changes nothing, and asks nobody outside of this machine but the STUN and
/// TURN servers of the settings. Ends within seconds. In the place of the server, on the main thread: it starts
/// GStreamer.
PrintAndExit run_doctor_command(std::span<const std::string> arguments, const Environment& environment);

}  // namespace voicecast
