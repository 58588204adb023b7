// SPDX-License-Identifier: MIT
#pragma once

#include <span>
#include <string>

#include "config/config.hpp"

namespace voicecast {

/// `voicecast doctor …`: checks the requirements of these settings on this machine, and reports remedies. `arguments`
/// follow `doctor`. Changes nothing, and contacts no other machine but the STUN and TURN servers of the settings.
/// Blocks for seconds. Main thread, instead of the server: it initializes GStreamer.
PrintAndExit run_doctor_command(std::span<const std::string> arguments, const Environment& environment);

}  // namespace voicecast
