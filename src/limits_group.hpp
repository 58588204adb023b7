#pragma once

#include "groups.hpp"

namespace voicecast {

/// The row of the group [limits].
Group limits_group();

}  // namespace voicecast
