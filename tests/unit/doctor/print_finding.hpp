// SPDX-License-Identifier: MIT
#pragma once

#include <ostream>

#include "doctor/report.hpp"

namespace voicecast {

/// How GoogleTest shows a finding.
inline void PrintTo(const Finding& finding, std::ostream* out) { *out << report_of({finding}, false); }

}  // namespace voicecast
