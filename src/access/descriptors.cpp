// SPDX-License-Identifier: MIT
#include "access/descriptors.hpp"

#include <dirent.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <algorithm>
#include <memory>

namespace voicecast {
namespace {

struct CloseDirectory {
  void operator()(DIR* p) const { closedir(p); }
};

}  // namespace

unsigned allow_descriptors(unsigned wanted) {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return wanted;
  limit.rlim_cur = std::max<rlim_t>(limit.rlim_cur, std::min<rlim_t>(wanted, limit.rlim_max));
  setrlimit(RLIMIT_NOFILE, &limit);
  return static_cast<unsigned>(std::min<rlim_t>(wanted, limit.rlim_cur));
}

unsigned open_descriptors() {
  struct stat known {};  // since Linux 6.2
  if (stat("/proc/self/fd", &known) == 0 && known.st_size > 0) return static_cast<unsigned>(known.st_size);
  const std::unique_ptr<DIR, CloseDirectory> all(opendir("/proc/self/fd"));
  unsigned count = 0;
  while (all && readdir(all.get())) ++count;
  constexpr unsigned not_ours = 3;  // ".", "..", and the directory itself
  return count > not_ours ? count - not_ours : 0;
}

}  // namespace voicecast
