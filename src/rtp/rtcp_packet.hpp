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

/// The content of a sender report (RFC 3550 §6.4.1).
struct SenderReport {
  std::uint32_t ssrc = 0;
  std::uint64_t ntp_time = 0;  ///< see ntp_time()
  std::uint32_t rtp_time = 0;  ///< the same instant in the units of the RTP timestamps
  std::uint32_t packets = 0, octets = 0;
  std::string cname = {};  ///< RFC 3550 §6.5.1; truncated to 255 bytes
};

/// Writes the compound of the sender report and the CNAME. Pure.
std::vector<std::uint8_t> write_rtcp(const SenderReport& report);

/// Writes the sender report alone. Pure.
std::vector<std::uint8_t> write_sender_report(const SenderReport& report);

/// Reads the first sender report of a compound, without a CNAME; nothing without one. Pure.
std::optional<SenderReport> read_sender_report(std::span<const std::uint8_t> compound);

/// The report blocks of a compound's first report, as a receiver report; empty without any. Pure.
std::vector<std::uint8_t> reports_in(std::span<const std::uint8_t> compound);

/// A receiver's feedback on one source (RFC 3550 §6.4.1, RFC 4585 §6.2.1).
struct ReceiverFeedback {
  struct Report {
    unsigned fraction_lost = 0;  ///< in 1/256
    std::int32_t lost_packets = 0;
    std::uint32_t jitter = 0;            ///< in units of the RTP timestamps
    std::uint32_t last_report = 0;       ///< middle 32 bits of the NTP time of our last report; 0: none received
    std::uint32_t delay_since_then = 0;  ///< in 1/65536 s
  };
  std::optional<Report> report = {};
  std::vector<std::uint16_t> missing = {};  ///< sequence numbers of the NACKs

  static constexpr std::size_t max_missing = 256;  ///< per compound; more than a voice has in half a second
};

/// Reads a compound up to the first malformed packet. Pure.
ReceiverFeedback read_rtcp(std::span<const std::uint8_t> compound, std::uint32_t ssrc);

/// Whether a compound has transport-layer feedback (RFC 4585 §6.2), which needs a prompt response. Pure.
bool has_feedback(std::span<const std::uint8_t> compound);

/// The NTP timestamp (RFC 3550 §4): seconds since 1900, in 1/2^32 s. Pure.
std::uint64_t ntp_time(std::chrono::system_clock::time_point time);

/// The round-trip time in seconds (RFC 3550 §6.4.1); nothing if the block refers to no report of ours, or to one older
/// than a minute. `now` is ntp_time() at its arrival. Pure.
std::optional<std::chrono::duration<double>> round_trip(const ReceiverFeedback::Report& report, std::uint64_t now);

}  // namespace voicecast
