// SPDX-License-Identifier: MIT
#pragma once

#include "config/groups.hpp"

namespace voicecast {

/// The row of the group [limits].
Group limits_group();

}  // namespace voicecast
