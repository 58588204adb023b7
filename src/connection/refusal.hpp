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

/// The whole response, after which the connection ends. Pure.
std::string response_of(const Refusal& refusal);

}  // namespace voicecast
