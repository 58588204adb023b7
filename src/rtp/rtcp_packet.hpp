// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace voicecast {

inline constexpr double opus_clock_hz = 48000;      // RFC 7587 §4.1
inline constexpr double ntp_short_hz = 65536;       // RFC 3550 §4
inline constexpr double fraction_lost_units = 256;  // RFC 3550 §6.4.1: 8 bits

/// What a sender says of itself (RFC 3550 §6.4.1).
struct SenderReport {
  std::uint32_t ssrc = 0;
  std::uint64_t ntp_time = 0;  ///< see ntp_time()
  std::uint32_t rtp_time = 0;  ///< the same moment on the packets' clock
  std::uint32_t packets = 0, octets = 0;
  std::string cname = {};  ///< RFC 3550 §6.5.1; what is over 255 bytes is cut off
};

/// The compound of the report and the name. Pure.
std::vector<std::uint8_t> write_rtcp(const SenderReport& report);

/// Its first packet alone. Pure.
std::vector<std::uint8_t> write_sender_report(const SenderReport& report);

/// The first sender report of a compound, without a name; nothing where there is none. Pure.
std::optional<SenderReport> read_sender_report(std::span<const std::uint8_t> compound);

/// What a compound's first report says of packets that came, as a receiver report of its own; empty where it says
/// nothing. Pure.
std::vector<std::uint8_t> reports_in(std::span<const std::uint8_t> compound);

/// What a receiver says of one source (RFC 3550 §6.4.1, RFC 4585 §6.2.1).
struct ReceiverFeedback {
  struct Report {
    unsigned fraction_lost = 0;  ///< of 256
    std::int32_t lost_packets = 0;
    std::uint32_t jitter = 0;            ///< on the packets' clock
    std::uint32_t last_report = 0;       ///< the middle of the NTP time of our last one; 0: none came
    std::uint32_t delay_since_then = 0;  ///< in 1/65536 s
  };
  std::optional<Report> report = {};
  std::vector<std::uint16_t> missing = {};  ///< sequence numbers that it asks for

  static constexpr std::size_t max_missing = 256;  ///< in one packet; more than there can be in half a second
};

/// Reads what it can of a compound, up to the first thing that is wrong. Pure.
ReceiverFeedback read_rtcp(std::span<const std::uint8_t> compound, std::uint32_t ssrc);

/// Whether a compound has feedback on packets (RFC 4585 §6.2), which wants an answer soon. Pure.
bool has_feedback(std::span<const std::uint8_t> compound);

/// RFC 3550 §4: seconds since 1900, in 1/2^32 s.
std::uint64_t ntp_time(std::chrono::system_clock::time_point time);

/// How long a report and its answer were on the way; nothing where no report of ours is answered, or none of the last
/// minute. `now` is ntp_time() at the answer's arrival.
std::optional<std::chrono::duration<double>> round_trip(const ReceiverFeedback::Report& report, std::uint64_t now);

}  // namespace voicecast
