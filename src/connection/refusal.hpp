// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "access/refusals.hpp"

namespace voicecast {

/// Why a connection or a request is refused, as its response says it.
struct Refusal {
  unsigned status;
  std::string words;
  RefusalReason reason = RefusalReason::malformed;
  std::string location = {};  ///< of a redirect
};

/// The whole response, after which the connection ends; to HEAD without its body (RFC 9110 §9.3.2). Pure.
std::string response_of(const Refusal& refusal, bool is_to_head = false);

}  // namespace voicecast
