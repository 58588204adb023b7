// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "sdp/ice_parameters.hpp"

namespace voicecast {

/// The media type of the fragments of an SDP that trickle ICE sends (RFC 8840 §9).
inline constexpr const char* sdpfrag_type = "application/trickle-ice-sdpfrag";

/// What a client says in such a fragment.
struct IceFragment {
  IceParameters ice;     ///< ufrag and pwd are empty where it says none
  bool is_last = false;  ///< a=end-of-candidates
};

/// Reads a fragment: a= lines of the session and m= lines with theirs; nothing else may be in it. What is not about ICE
/// is passed over, as are candidates that are of no use here or, beside others, malformed. Several m-lines must speak
/// of one ICE session, for there is only one transport. An Error says what is wrong, in words for the client's author.
/// Pure.
Result<IceFragment> read_fragment(std::string_view text);

/// A whole side of an ICE session as a fragment for the m-line `mid` that carries `payload_type`; there are no further
/// candidates. Pure.
std::string write_fragment(const IceParameters& ice, std::string_view mid, unsigned payload_type);

}  // namespace voicecast
