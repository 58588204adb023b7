// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>

typedef struct _GstPad GstPad;

namespace voicecast {

/// Adds to `spent_ns`, with each buffer through `pad`, the CPU time in nanoseconds of the pushing thread since the
/// previous buffer. Excludes the time before the first and after the last buffer. Call from any thread.
void count_cpu_time(GstPad* pad, std::shared_ptr<std::atomic<std::uint64_t>> spent_ns);

}  // namespace voicecast
