// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>
#include <vector>

#include "config/config.hpp"

namespace voicecast {

/// The names of the options that differ and take effect only after a restart (see Server::reload()). Pure.
std::vector<std::string_view> changes_for_a_restart(const Config& running, const Config& wanted);

/// `running` with those settings of `wanted` that need no restart. Pure.
Config take_reloadable(Config running, const Config& wanted);

}  // namespace voicecast
