// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "access/refusals.hpp"

namespace voicecast {

/// A response that the server sends without libsoup: an error of the connection or of the request head, or the redirect
/// to https. The connection ends after it.
struct ErrorResponse {
  unsigned status;
  std::string words;                                ///< the body: plain text
  RefusalReason reason = RefusalReason::malformed;  ///< for the metrics
  std::string location = {};                        ///< of a redirect
};

/// The text of the response (RFC 9112); without its body as an answer to HEAD (RFC 9110 §9.3.2). Pure.
std::string to_http(const ErrorResponse& response, bool is_to_head = false);

}  // namespace voicecast
