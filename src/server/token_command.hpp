// SPDX-License-Identifier: MIT
#pragma once

#include <span>
#include <string>

#include "config/config.hpp"

namespace voicecast {

/// `voicecast token …`: prints a token. `arguments` are those behind `token`. Reads the key, and the key file that
/// names it, and nothing else.
PrintAndExit make_token_as_told(std::span<const std::string> arguments, const Environment& environment);

}  // namespace voicecast
