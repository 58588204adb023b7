// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "sdp/ice_parameters.hpp"

namespace voicecast {

/// The media type of SDP fragments in trickle ICE (RFC 8840 §9).
inline constexpr const char* sdpfrag_type = "application/trickle-ice-sdpfrag";

/// The content of such a fragment.
struct IceFragment {
  IceParameters ice;     ///< ufrag and pwd are empty without credentials
  bool is_last = false;  ///< a=end-of-candidates
};

/// Parses a fragment: session-level a= lines, and m= lines with theirs. Ignores attributes that do not concern ICE,
/// candidates that are not supported, and malformed candidates beside valid ones. All m-lines must share one ICE
/// session, for there is one transport. An Error (bad_message) names the problem for the author of the client. Pure.
Result<IceFragment> read_fragment(std::string_view text);

/// Writes one side of an ICE session as a fragment for the m-line `mid` with `payload_type`, complete with
/// a=end-of-candidates. Pure.
std::string write_fragment(const IceParameters& ice, std::string_view mid, unsigned payload_type);

}  // namespace voicecast
