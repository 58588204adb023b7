// SPDX-License-Identifier: MIT
#include "doctor/clock_check.hpp"

namespace voicecast {
namespace {

/// The build machine's clock may have been a little ahead.
constexpr std::chrono::days leeway{1};

}  // namespace

Findings check_clock(const ClockFacts& facts) {
  const char* subject = "clock";
  const auto today = date_text(facts.now) + " (UTC)";
  if (facts.now + leeway < facts.program_made)
    return {problem(
        subject, today + ", but this program was built on " + date_text(facts.program_made),
        "Set the clock: certificates and tokens depend on it. \"timedatectl\" shows it; a machine without a clock "
        "battery sets it from the network: sudo timedatectl set-ntp true.")};
  if (facts.is_synchronized == false)
    return {warning(
        subject, today + ", not synchronized",
        "Certificates and tokens depend on the clock, and an unsynchronized one drifts: sudo timedatectl set-ntp "
        "true, or install chrony.")};
  return {ok(subject, today + (facts.is_synchronized ? ", synchronized" : ""))};
}

}  // namespace voicecast
