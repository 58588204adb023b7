#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sdp/ice_parameters.hpp"

/// Descriptions as they are written: what webrtcbin is told of a client's, and what clients are told of webrtcbin's.
/// Pure.
namespace voicecast {

struct RemoteDescription;

/// The one-m-line description for webrtcbin.
std::string to_sdp(const RemoteDescription& description);

/// The answer for the client who made `offer`: webrtcbin's answer with the declined m-lines put back in their places.
std::string complete_answer(std::string_view webrtcbin_answer, const RemoteDescription& offer);

/// Our answer to a listener's offer: as complete_answer(), with the stream's id as msid. `resends`: he may ask for lost
/// packets, if he offered to (RFC 4585 §4.2).
std::string complete_listener_answer(std::string_view webrtcbin_answer, const RemoteDescription& offer,
                                     std::string_view stream_id, bool resends);

/// The first a=mid of an SDP, or nothing.
std::string mid_of(std::string_view sdp);

/// The first a=setup of an SDP, or nothing.
std::string setup_of(std::string_view sdp);

/// A description of ours with these candidates ("candidate:…") in the place of those that it has; one without any stays
/// as it is.
std::string with_candidates(std::string_view sdp, const std::vector<std::string>& candidates);

/// A description of ours that says that our ICE is lite (RFC 8839 §5.3): the other side has to make the checks.
std::string with_ice_lite(std::string_view sdp);

/// A description of ours with these credentials in the place of those that it has.
std::string with_ice_credentials(std::string_view sdp, const IceParameters& ice);

/// A description of ours with this fingerprint ("sha-256 AB:CD:…") in the place of the one that it has.
std::string with_fingerprint(std::string_view sdp, std::string_view fingerprint);

/// Our description `sdp` for the next time (RFC 8829 §5.2.2): with new ICE credentials and candidates, our side of DTLS
/// as it is, and a version that is one more.
std::string renewed_description(std::string_view sdp, const IceParameters& ice, std::string_view setup);

/// The offer for a receiver: webrtcbin's, with the stream's id as msid (RFC 8830), from which a browser makes the
/// MediaStream that it hands to `ontrack`.
std::string complete_offer(std::string_view webrtcbin_offer, std::string_view stream_id);

}  // namespace voicecast
