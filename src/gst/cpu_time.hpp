// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>

typedef struct _GstPad GstPad;

namespace voicecast {

/// Adds to `spent_ns` the CPU time of the thread that pushes through `pad`, with each buffer what it has used since
/// the one before. What comes before its first and behind its last buffer is not counted.
void count_cpu_time(GstPad* pad, std::shared_ptr<std::atomic<std::uint64_t>> spent_ns);

}  // namespace voicecast
