// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

namespace voicecast {

/// One side's part of an ICE session (RFC 8839 §5).
struct IceParameters {
  std::string ufrag, pwd;
  std::vector<std::string> candidates;  ///< "candidate:…", checked as check_candidate() does; may be empty
};

}  // namespace voicecast
