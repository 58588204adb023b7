// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "doctor/finding.hpp"

namespace voicecast {

/// The findings for people: a line for each, its advice below it, all in 80 columns but for words that are longer, and
/// a line that sums up. Pure.
std::string report_of(const Findings& findings, bool in_colour);

/// 1 where there is a problem, else 0.
int exit_status_of(const Findings& findings);

}  // namespace voicecast
