// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "sdp/description.hpp"
#include "sdp/ice_parameters.hpp"

namespace voicecast {

/// The server's offer or answer for one client: webrtcbin's, completed with the ICE agent's parameters, the DTLS
/// fingerprint and the client's offer, and written once, by to_sdp(). A plain value; any thread.
struct LocalDescription {
  DescriptionType type = DescriptionType::offer;  ///< of the first description; renew() keeps it
  std::string session_id;                         ///< of the o= line (RFC 8866 §5.2)
  std::uint64_t version = 0;                      ///< of the o= line
  std::string mid;                                ///< of the audio m-line
  bool has_mid = true;                            ///< whether a=mid is written
  bool is_bundled = false;
  unsigned payload_type = 0;                 ///< of Opus
  std::string parameters;                    ///< of Opus, "minptime=10;useinbandfec=1" (RFC 7587 §6.1)
  bool resends = false;                      ///< rtcp-fb nack (RFC 4585 §4.2)
  std::optional<unsigned> rtx_payload_type;  ///< of retransmissions (RFC 4588)
  std::string direction;                     ///< sendonly, recvonly
  std::string setup;                         ///< actpass, active, passive (RFC 8842)
  IceParameters ice;
  bool is_ice_lite = false;
  bool has_all_candidates = false;   ///< written as a=end-of-candidates (RFC 8840 §8.2)
  std::string fingerprint;           ///< "sha-256 AB:CD:…" (RFC 8122)
  std::vector<std::string> sources;  ///< values of a=ssrc (RFC 5576)
  std::string stream_id;   ///< written as msid (RFC 8830), from which browsers make the MediaStream; empty: none
  std::string tagged_mid;  ///< of the offer that it answers, see RemoteDescription
  std::vector<RemoteDescription::Declined> before, behind;  ///< the declined m-lines of that offer

  /// Makes it the answer to `offer`: with its mid, and its other m-lines declined, in their places.
  void answer(const RemoteDescription& offer);
  /// Makes it the subsequent description (RFC 8829 §5.2.2): with the next version and new ICE parameters.
  void renew(IceParameters parameters);
};

/// Reads a description from webrtcbin: one m-line, of Opus. Omits lines without use for a client (feedback that is
/// never read). ErrorCode::failed: it describes no media. Pure.
Result<LocalDescription> read_local_description(std::string_view sdp, DescriptionType type);

}  // namespace voicecast
