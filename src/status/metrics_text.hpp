// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "status/facts.hpp"

namespace voicecast {

/// The formats that Prometheus scrapes: its text format 0.0.4, and OpenMetrics 1.0.
enum class TextFormat { prometheus, openmetrics };

/// All metrics as text, named by Prometheus' conventions. Pure.
std::string metrics_text(const Facts& facts, TextFormat format);

}  // namespace voicecast
