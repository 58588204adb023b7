// SPDX-License-Identifier: MIT
#include "sdp/description_text.hpp"

#include <sstream>

#include "sdp/description.hpp"
#include "sdp/local_description.hpp"

namespace voicecast {
namespace {

void write_value(std::ostream& out, const char* name, std::string_view value) {
  if (!value.empty()) out << "a=" << name << ":" << value << "\r\n";
}

void write_candidates(std::ostream& out, const LocalDescription& d) {
  for (const auto& candidate : d.ice.candidates) out << "a=" << candidate << "\r\n";
  if (d.has_all_candidates) out << "a=end-of-candidates\r\n";
}

/// A declined m-line of the offer, with the transport of the answer, which some clients (aiortc) require in declined
/// m-lines too. The tagged m-line is not declined: Chromium with max-bundle takes its transport from it (RFC 9143
/// §7.3.3). It is inactive, so nothing is sent on it.
void write_declined(std::ostream& out, const LocalDescription& d, const RemoteDescription::Declined& media) {
  const bool is_tagged = !media.mid.empty() && media.mid == d.tagged_mid;
  out << "m=" << media.media << (is_tagged ? " 9 " : " 0 ") << media.protocol << " " << media.formats
      << "\r\nc=IN IP4 0.0.0.0\r\na=inactive\r\n";
  write_value(out, "mid", media.mid);
  write_value(out, "ice-ufrag", d.ice.ufrag);
  write_value(out, "ice-pwd", d.ice.pwd);
  write_value(out, "fingerprint", d.fingerprint);
  write_value(out, "setup", d.setup);
  out << "a=rtcp-mux\r\n";
  for (const auto& attribute : media.attributes) out << "a=" << attribute << "\r\n";
  if (is_tagged) write_candidates(out, d);
}

void write_codecs(std::ostream& out, const LocalDescription& d) {
  const auto payload = d.payload_type;
  out << "a=rtpmap:" << payload << " OPUS/48000/2\r\n";
  if (d.resends) out << "a=rtcp-fb:" << payload << " nack\r\n";
  if (!d.parameters.empty()) out << "a=fmtp:" << payload << ' ' << d.parameters << "\r\n";
  if (d.rtx_payload_type)
    out << "a=rtpmap:" << *d.rtx_payload_type << " rtx/48000\r\na=fmtp:" << *d.rtx_payload_type << " apt=" << payload
        << "\r\n";
}

void write_session(std::ostream& out, const LocalDescription& d) {
  out << "v=0\r\no=- " << d.session_id << ' ' << d.version << " IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n";
  if (d.type == DescriptionType::offer) out << "a=ice-options:trickle\r\n";
  if (d.is_bundled) out << "a=group:BUNDLE " << d.tagged_mid << (d.tagged_mid.empty() ? "" : " ") << d.mid << "\r\n";
  if (d.is_ice_lite) out << "a=ice-lite\r\n";  // RFC 8839 §5.3
}

void write_audio(std::ostream& out, const LocalDescription& d) {
  const bool is_offer = d.type == DescriptionType::offer;
  out << "m=audio 9 UDP/TLS/RTP/SAVPF " << d.payload_type;
  if (d.rtx_payload_type) out << ' ' << *d.rtx_payload_type;
  out << "\r\nc=IN IP4 0.0.0.0\r\na=ice-ufrag:" << d.ice.ufrag << "\r\na=ice-pwd:" << d.ice.pwd << "\r\n";
  if (d.has_mid) write_value(out, "mid", d.mid);
  // Browsers make the MediaStream of `ontrack` from the msid.
  if (!d.stream_id.empty()) out << "a=msid:" << d.stream_id << " voice\r\n";
  out << "a=rtcp-mux\r\n" << (is_offer ? "a=rtcp-rsize\r\na=rtcp-mux-only\r\n" : "") << "a=setup:" << d.setup << "\r\n";
  write_codecs(out, d);
  for (const auto& source : d.sources) out << "a=ssrc:" << source << "\r\n";
  out << "a=" << d.direction << "\r\na=fingerprint:" << d.fingerprint << "\r\n";
  write_candidates(out, d);
}

}  // namespace

std::string to_sdp(const LocalDescription& d) {
  std::ostringstream out;
  write_session(out, d);
  for (const auto& media : d.before) write_declined(out, d, media);
  write_audio(out, d);
  for (const auto& media : d.behind) write_declined(out, d, media);
  return out.str();
}

std::string to_sdp(const RemoteDescription& d) {
  std::ostringstream out;
  const auto payload = d.payload_type;
  out << "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n";
  if (d.is_ice_lite) out << "a=ice-lite\r\n";
  if (d.is_bundled) out << "a=group:BUNDLE " << d.mid << "\r\n";
  out << "m=audio 9 UDP/TLS/RTP/SAVPF " << payload;
  if (d.rtx_payload_type) out << ' ' << *d.rtx_payload_type;
  out << "\r\nc=IN IP4 0.0.0.0\r\na=mid:" << d.mid << "\r\na=" << d.direction
      << "\r\na=rtcp-mux\r\na=rtcp-rsize\r\na=setup:" << d.setup << "\r\na=ice-ufrag:" << d.ice_ufrag
      << "\r\na=ice-pwd:" << d.ice_pwd << "\r\na=fingerprint:" << d.fingerprint << "\r\na=rtpmap:" << payload
      << " opus/48000/2\r\na=fmtp:" << payload << " minptime=10;useinbandfec=1";
  if (d.is_stereo) out << ";stereo=1";
  if (d.sends_stereo) out << ";sprop-stereo=1";
  out << "\r\n";
  if (d.resends) out << "a=rtcp-fb:" << payload << " nack\r\n";
  if (d.rtx_payload_type)
    out << "a=rtpmap:" << *d.rtx_payload_type << " rtx/48000\r\na=fmtp:" << *d.rtx_payload_type << " apt=" << payload
        << "\r\n";
  if (d.ssrc) out << "a=ssrc:" << *d.ssrc << " cname:sender\r\n";
  for (const auto& candidate : d.candidates) out << "a=" << candidate << "\r\n";
  return out.str();
}

}  // namespace voicecast
