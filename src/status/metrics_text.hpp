// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "status/facts.hpp"

namespace voicecast {

/// The two that Prometheus scrapes: its own text format 0.0.4, and OpenMetrics 1.0.
enum class TextFormat { prometheus, openmetrics };

/// All metrics, by the naming conventions of Prometheus. Pure.
std::string metrics_text(const Facts& facts, TextFormat format);

}  // namespace voicecast
