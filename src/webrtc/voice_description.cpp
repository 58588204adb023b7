// SPDX-License-Identifier: MIT
#include "webrtc/voice_description.hpp"

namespace voicecast {
namespace {

/// The mid of the server's only m-line.
constexpr const char* own_mid = "audio0";

/// RFC 7587 §6.1.
std::string parameters(bool is_stereo, bool sends_stereo) {
  return std::string("minptime=10;useinbandfec=1") + (is_stereo ? ";stereo=1" : "") +
         (sends_stereo ? ";sprop-stereo=1" : "");
}

LocalDescription describe(const VoiceTerms& terms, std::uint64_t session_id) {
  LocalDescription d;
  d.session_id = std::to_string(session_id);
  d.payload_type = terms.format.payload_type;
  d.parameters = parameters(terms.format.is_stereo, terms.format.is_stereo);
  d.resends = terms.resends;
  d.direction = "sendonly";
  d.fingerprint = terms.fingerprint;
  if (terms.format.ssrc) {
    const auto ssrc = std::to_string(*terms.format.ssrc);
    d.sources = {ssrc + " msid:" + terms.cname + " voice", ssrc + " cname:" + terms.cname};
  }
  return d;
}

}  // namespace

LocalDescription offer_voice(const VoiceTerms& terms, std::uint64_t session_id) {
  auto d = describe(terms, session_id);
  d.type = DescriptionType::offer;
  d.mid = own_mid;
  d.is_bundled = true;
  d.setup = "actpass";
  return d;
}

LocalDescription answer_with_voice(const VoiceTerms& terms, const RemoteDescription& offer, std::uint64_t session_id) {
  auto d = describe(terms, session_id);
  d.type = DescriptionType::answer;
  d.mid = offer.mid;
  d.is_bundled = offer.is_bundled;
  d.parameters = parameters(terms.format.is_stereo || offer.is_stereo, terms.format.is_stereo || offer.sends_stereo);
  d.resends = terms.resends && offer.resends;
  d.setup = offer.setup == "active" ? "passive" : "active";  // RFC 5763 §5: prefers active
  return d;
}

}  // namespace voicecast
