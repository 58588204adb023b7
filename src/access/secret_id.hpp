// SPDX-License-Identifier: MIT
#pragma once

#include <string>

namespace voicecast {

/// A secret of 32 hexadecimal digits, from the operating system's random numbers (GLib's are predictable). Any thread.
std::string new_secret_id();

}  // namespace voicecast
