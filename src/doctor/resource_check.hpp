// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "access/limits.hpp"
#include "doctor/finding.hpp"

namespace voicecast {

/// The input of check_resources().
struct ResourceFacts {
  std::uint64_t descriptors = 0;              ///< The hard limit of open files.
  Limits limits;                              ///< The configured limits.
  std::optional<std::uint64_t> memory_bytes;  ///< Available memory; nothing: unknown.
};

/// MemAvailable of /proc/meminfo in bytes. Pure.
std::optional<std::uint64_t> available_memory(std::string_view meminfo);

/// Reads the process's limits and /proc/meminfo. Any thread.
ResourceFacts look_at_resources(const Limits& limits);

/// Pure.
Findings check_resources(const ResourceFacts& facts);

}  // namespace voicecast
