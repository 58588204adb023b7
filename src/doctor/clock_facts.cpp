// SPDX-License-Identifier: MIT
#include "doctor/clock_check.hpp"
#include "tls/clock.hpp"

namespace voicecast {

ClockFacts look_at_clock(TimePoint now) { return {now, time_of_program(), is_clock_synchronized()}; }

}  // namespace voicecast
