// SPDX-License-Identifier: MIT
#pragma once

#include <string>

namespace voicecast {

/// 32 hexadecimal digits that nobody can guess: of the operating system's random numbers, not of GLib's.
std::string new_secret_id();

}  // namespace voicecast
