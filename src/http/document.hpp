// SPDX-License-Identifier: MIT
#pragma once

#include <string>

namespace voicecast {

/// A whole HTTP response of ours, but for the header fields that are the same everywhere.
struct Document {
  unsigned status = 200;
  std::string content_type;
  std::string body;
};

}  // namespace voicecast
