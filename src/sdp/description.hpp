// SPDX-License-Identifier: MIT
#pragma once

#include <bitset>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace voicecast {

/// The largest accepted SDP in bytes: a browser's with audio and video has under 10 kB.
inline constexpr std::size_t max_sdp_bytes = 64 * 1024;

/// The maximum of candidates of one description, including trickled ones. A browser sends under 20.
inline constexpr std::size_t max_candidates = 100;

enum class DescriptionType { offer, answer };

/// What we use of a client's offer or answer (SDP of RFC 8829), every part checked. webrtcbin gets to_sdp() of this,
/// never the client's own text: its parser asserts on some of what a client may write (a missing mid, in 1.22.0).
struct RemoteDescription {
  /// An m-line of the offer that is not supported (video, a data channel, a second microphone): declined with port 0.
  struct Declined {
    std::string media, protocol, mid;
    std::string formats;                  ///< payload types for RTP, "96 97"; otherwise the first format
    std::vector<std::string> attributes;  ///< "rtpmap:96 VP8/90000" and, for RTX, "fmtp:97 apt=96"
  };
  DescriptionType type = DescriptionType::offer;
  std::string mid;          ///< of the audio m-line; "audio" if the client sent none
  bool has_mid = true;      ///< whether the client sent a mid
  bool is_bundled = false;  ///< in the first BUNDLE group
  /// The mid of the tagged m-line of that group, which carries its transport (RFC 9143 §7.3.1), if that is RTP and not
  /// the audio m-line; otherwise empty.
  std::string tagged_mid;
  std::size_t mline_index = 0;   ///< of the audio m-line, in the client's description
  std::vector<Declined> before;  ///< the m-lines before the audio one
  std::vector<Declined> behind;  ///< the m-lines after the audio one
  /// The payload types of declined RTP m-lines (including RTX and FEC), except those in use by the audio m-line. Some
  /// clients send them anyway.
  std::bitset<128> declined_payload_types;
  unsigned payload_type = 0;  ///< of Opus at 48 kHz
  bool is_stereo = false;     ///< the client wants stereo (fmtp stereo=1)
  bool sends_stereo = false;  ///< the client says that it sends stereo (fmtp sprop-stereo=1)
  std::string direction;      ///< sendrecv, sendonly, recvonly
  std::string setup;          ///< actpass, active, passive (RFC 8842)
  std::string ice_ufrag, ice_pwd;
  bool is_ice_lite = false;
  std::string fingerprint;                   ///< "sha-256 AB:CD:…" (RFC 8122), hash in lower case, hex in upper case
  std::vector<std::string> candidates;       ///< as check_candidate gives them
  std::optional<std::uint32_t> ssrc;         ///< of the sender's packets
  bool resends = false;                      ///< answers NACKs (rtcp-fb nack, RFC 4585 §6.2.1)
  std::optional<unsigned> rtx_payload_type;  ///< of retransmissions (RFC 4588)
};

/// Reads a sender's offer, which needs an audio m-line that sends Opus, ICE credentials, a fingerprint and rtcp-mux. An
/// Error names the problem for the author of the client; its code is `unsupported` for valid SDP that the server does
/// not support. Pure.
Result<RemoteDescription> read_offer(std::string_view sdp);

/// Reads a receiver's offer (WHEP): as a sender's, but it receives. Errors as read_offer(). Pure.
Result<RemoteDescription> read_listener_offer(std::string_view sdp);

/// Reads a receiver's answer to an offer of `payload_type`. Errors as read_offer(). Pure.
Result<RemoteDescription> read_answer(std::string_view sdp, unsigned payload_type);

/// Reads the offer of a connected peer, in either direction, that restarts ICE (RFC 8445 §9). Errors as read_offer().
/// Pure.
Result<RemoteDescription> read_restart(std::string_view sdp);

/// Whether an offer keeps the DTLS association and the media of `was`; its ICE session may differ. Pure.
bool continues(const RemoteDescription& offer, const RemoteDescription& was);

}  // namespace voicecast
