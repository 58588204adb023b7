// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>

namespace voicecast {

/// The quality of reception that a peer reports for our packets (an RTCP report block, RFC 3550 §6.4.1).
struct ReceptionReport {
  double loss = 0;  ///< fraction of packets since the previous report, 0 to 1
  std::int64_t lost_packets = 0;
  std::chrono::duration<double> jitter{0};
  std::chrono::duration<double> round_trip{0};
};

}  // namespace voicecast
