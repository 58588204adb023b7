// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

#include "http/document.hpp"
#include "status/facts.hpp"

namespace voicecast {

/// GET /metrics: JSON, unless the Accept header (empty for none) prefers the text that Prometheus scrapes: OpenMetrics
/// 1.0 or the Prometheus text format 0.0.4. The answer depends on Accept, so it wants "Vary: Accept".
Document metrics(const Facts& facts, std::string_view accept_header);

}  // namespace voicecast
