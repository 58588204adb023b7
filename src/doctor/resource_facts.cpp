// SPDX-License-Identifier: MIT
#include <sys/resource.h>

#include <fstream>
#include <sstream>
#include <string>

#include "doctor/resource_check.hpp"

namespace voicecast {

std::optional<std::uint64_t> available_memory(std::string_view meminfo) {
  constexpr std::uint64_t bytes_of_kb = 1024;
  std::istringstream lines{std::string(meminfo)};
  for (std::string line; std::getline(lines, line);) {
    std::istringstream in(line);
    std::string name;
    std::uint64_t kilobytes = 0;
    if (in >> name >> kilobytes && name == "MemAvailable:") return kilobytes * bytes_of_kb;
  }
  return std::nullopt;
}

ResourceFacts look_at_resources(const Limits& limits) {
  rlimit descriptors{};
  getrlimit(RLIMIT_NOFILE, &descriptors);
  std::ostringstream meminfo;
  meminfo << std::ifstream("/proc/meminfo").rdbuf();
  return {descriptors.rlim_max, limits, available_memory(meminfo.str())};
}

}  // namespace voicecast
