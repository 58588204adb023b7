// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "doctor/finding.hpp"

namespace voicecast {

/// The findings as text of 80 columns (longer words are kept whole): a line for each, its advice below, and a summary.
/// Pure.
std::string report_of(const Findings& findings, bool in_colour);

/// 1 with a problem, otherwise 0. Pure.
int exit_status_of(const Findings& findings);

}  // namespace voicecast
