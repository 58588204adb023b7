// SPDX-License-Identifier: MIT
#pragma once

#include <span>
#include <string>

#include "config/config.hpp"

namespace voicecast {

/// `voicecast token …`: prints a token. `arguments` follow `token`. Reads only the key and the key file.
/// Errors are in the PrintAndExit. Any thread, without a main loop.
PrintAndExit run_token_command(std::span<const std::string> arguments, const Environment& environment);

}  // namespace voicecast
