// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

#include "http/document.hpp"
#include "status/facts.hpp"

namespace voicecast {

/// GET /metrics: JSON, or, if the Accept header (empty: missing) prefers it, OpenMetrics 1.0 or the Prometheus text
/// format 0.0.4. The response needs "Vary: Accept". Pure.
Document metrics(const Facts& facts, std::string_view accept_header);

}  // namespace voicecast
