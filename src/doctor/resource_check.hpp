// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "access/limits.hpp"
#include "doctor/finding.hpp"

namespace voicecast {

struct ResourceFacts {
  std::uint64_t descriptors = 0;              ///< The hard limit, up to which the server raises its own.
  Limits limits;                              ///< What is configured.
  std::optional<std::uint64_t> memory_bytes;  ///< What programs can still get.
};

/// What /proc/meminfo says is available, in bytes. Pure.
std::optional<std::uint64_t> available_memory(std::string_view meminfo);

/// Asks the kernel.
ResourceFacts look_at_resources(const Limits& limits);

/// Pure.
Findings check_resources(const ResourceFacts& facts);

}  // namespace voicecast
