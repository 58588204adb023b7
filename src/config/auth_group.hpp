// SPDX-License-Identifier: MIT
#pragma once

#include "config/groups.hpp"

namespace voicecast {

/// The row of the group [auth].
Group auth_group();

}  // namespace voicecast
