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

/// Our own offer or answer for one client: what its webrtcbin made, completed by those who know more (the ICE agent,
/// the DTLS certificate, the client's offer), and written once, by to_sdp(). A plain value.
struct LocalDescription {
  DescriptionType type = DescriptionType::offer;  ///< of the first one; a renewed one keeps it
  std::string session_id;                         ///< of the o= line (RFC 8866 §5.2)
  std::uint64_t version = 0;                      ///< there, too
  std::string mid;                                ///< of the audio m-line
  bool has_mid = true;                            ///< whether the client is told the mid
  bool is_bundled = false;
  unsigned payload_type = 0;                 ///< of Opus
  std::string parameters;                    ///< of Opus, "minptime=10;useinbandfec=1" (RFC 7587 §6.1)
  bool resends = false;                      ///< rtcp-fb nack: lost packets are, or may be, sent again
  std::optional<unsigned> rtx_payload_type;  ///< of what is sent again, if it has its own (RFC 4588)
  std::string direction;                     ///< sendonly, recvonly
  std::string setup;                         ///< actpass, active, passive (RFC 8842)
  IceParameters ice;
  bool is_ice_lite = false;
  bool has_all_candidates = false;                          ///< written as a=end-of-candidates (RFC 8840 §8.2)
  std::string fingerprint;                                  ///< "sha-256 AB:CD:…" (RFC 8122)
  std::vector<std::string> sources;                         ///< values of a=ssrc (RFC 5576)
  std::string stream_id;                                    ///< written as msid (RFC 8830); empty: without
  std::string tagged_mid;                                   ///< as in the offer that it answers, see RemoteDescription
  std::vector<RemoteDescription::Declined> before, behind;  ///< that offer's other m-lines

  /// Makes it an answer to `offer`: its mid, and its other m-lines, declined, in their places.
  void answer(const RemoteDescription& offer);
  /// Makes it the description for the next time (RFC 8829 §5.2.2), with another ICE session.
  void renew(IceParameters parameters);
};

/// Reads what a webrtcbin made: one m-line, of Opus. Lines of no use to a client (feedback that is never read) are left
/// out. ErrorCode::failed: it describes no media. Pure.
Result<LocalDescription> read_local_description(std::string_view sdp, DescriptionType type);

}  // namespace voicecast
