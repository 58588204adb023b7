// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>
#include <vector>

#include "config/config.hpp"

namespace voicecast {

/// The options that another Config has otherwise, and that only a new start brings: those of the reload() of Server
/// are not among them.
std::vector<std::string_view> changes_for_a_restart(const Config& running, const Config& wanted);

/// `running` with all of `wanted` that needs no restart.
Config take_reloadable(Config running, const Config& wanted);

}  // namespace voicecast
