// SPDX-License-Identifier: MIT
#pragma once

#include <string>

namespace voicecast {

/// The text of --help, at most 80 columns wide. Pure.
std::string help_text();

}  // namespace voicecast
