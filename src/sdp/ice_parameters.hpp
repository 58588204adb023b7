// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

namespace voicecast {

/// The ICE credentials and candidates of one side (RFC 8839 §5).
struct IceParameters {
  std::string ufrag, pwd;
  std::vector<std::string> candidates;  ///< "candidate:…", as check_candidate() gives them; may be empty
};

}  // namespace voicecast
