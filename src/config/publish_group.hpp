// SPDX-License-Identifier: MIT
#pragma once

#include "config/groups.hpp"

namespace voicecast {

/// The row of the groups [publish.NAME].
extern const Group publish_group;

}  // namespace voicecast
