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

/// The largest SDP that is read: a browser's with audio and video is under 10 kB.
inline constexpr std::size_t max_sdp_bytes = 64 * 1024;

/// The most candidates of one description, those that are trickled after it included. A browser has under 20.
inline constexpr std::size_t max_candidates = 100;

enum class DescriptionType { offer, answer };

/// What we use of a client's offer or answer (SDP of RFC 8829), every part checked. webrtcbin gets to_sdp() of this,
/// never the client's own text: its parser asserts on some of what a client may write (a missing mid, in 1.22.0).
struct RemoteDescription {
  /// An m-line of the offer that is not ours (video, a data channel, a second microphone): declined with port 0.
  struct Declined {
    std::string media, protocol, mid;
    std::string formats;                  ///< of RTP the payload types, "96 97"; otherwise the first one
    std::vector<std::string> attributes;  ///< "rtpmap:96 VP8/90000" and, of RTX, "fmtp:97 apt=96"
  };
  DescriptionType type = DescriptionType::offer;
  std::string mid;          ///< of the audio m-line; "audio" where the client named none
  bool has_mid = true;      ///< whether the client named one
  bool is_bundled = false;  ///< in the first BUNDLE group
  /// Of the m-line that stands first in that group and has the transport for all (RFC 9143 §7.3.1), where that is RTP
  /// and not the audio one; otherwise empty.
  std::string tagged_mid;
  std::size_t mline_index = 0;   ///< of the audio m-line, in the client's description
  std::vector<Declined> before;  ///< the m-lines in front of the audio one
  std::vector<Declined> behind;  ///< and those behind it
  /// Of RTP in the declined m-lines (RTX and FEC included), without those of the audio m-line that are used. Some
  /// clients go on sending them.
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
  std::optional<std::uint32_t> ssrc;         ///< what a sender will send with
  bool resends = false;                      ///< lost packets, when asked to (rtcp-fb nack, RFC 4585 §6.2.1)
  std::optional<unsigned> rtx_payload_type;  ///< of what is sent again, if it has its own (RFC 4588)
};

/// A sender's offer: needs an audio m-line that sends Opus, ICE credentials, a fingerprint, rtcp-mux. Pure.
/// An Error says what is missing, in words for the client's author; `unsupported` where it is good SDP, but of nothing
/// that we do.
Result<RemoteDescription> read_offer(std::string_view sdp);

/// The offer of a listener who speaks first (WHEP): as a sender's, but it receives. Pure.
Result<RemoteDescription> read_listener_offer(std::string_view sdp);

/// A receiver's answer to our offer of `payload_type`. Pure.
Result<RemoteDescription> read_answer(std::string_view sdp, unsigned payload_type);

/// An offer of a peer that we are connected with, in either direction: ICE shall begin anew (RFC 8445 §9). Pure.
Result<RemoteDescription> read_restart(std::string_view sdp);

/// Whether an offer goes on with the DTLS session and the media that `was` agreed on; its ICE may be another one. Pure.
bool continues(const RemoteDescription& offer, const RemoteDescription& was);

}  // namespace voicecast
