// SPDX-License-Identifier: MIT
#pragma once

#include <string>

namespace voicecast {

/// A complete HTTP response, without the header fields that all responses share.
struct Document {
  unsigned status = 200;
  std::string content_type;
  std::string body;
};

}  // namespace voicecast
