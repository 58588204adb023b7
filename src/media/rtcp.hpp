#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

typedef struct _GstElement GstElement;

namespace voicecast {

/// How a peer says that it receives what we send (an RTCP report block, RFC 3550 §6.4.1).
struct ReceptionReport {
  double loss = 0;  ///< of the packets since its report before, 0 to 1
  std::int64_t lost_packets = 0;
  std::chrono::duration<double> jitter{0};
  std::chrono::duration<double> round_trip{0};
};

/// The last one of a webrtcbin's peer, or none yet. Main thread.
std::optional<ReceptionReport> reception_report(GstElement* webrtcbin);

/// Lets a webrtcbin ask for a lost packet at once, each time. By RFC 4585 §3.5 feedback may be early only once in an
/// interval, which for one voice's bandwidth is some 100 ms. Once it has a session. Main thread.
void allow_early_feedback(GstElement* webrtcbin);

}  // namespace voicecast
