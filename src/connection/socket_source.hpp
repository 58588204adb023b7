// SPDX-License-Identifier: MIT
#pragma once

#include <functional>

#include "base/ptr.hpp"

namespace voicecast {

/// Calls `f` once on the main loop when one of `events`, which are poll()'s, happens at the descriptor, unless the
/// source is dropped before. Main thread.
[[nodiscard]] GUnique<GSource> when(int fd, int events, std::function<void()> f);

/// A source that is due at once and waits for all other sources: for input left over after a connection's turn
/// (transfer full, not attached).
GSource* leftover_source();

}  // namespace voicecast
