#include "sdp/description_text.hpp"

#include <charconv>
#include <sstream>
#include <utility>

#include "base/text.hpp"
#include "sdp/description.hpp"
#include "sdp/sdp_sections.hpp"

namespace voicecast {
namespace {

std::vector<std::string> lines_of(std::string_view sdp) {
  std::vector<std::string> lines;
  for (auto line : split(sdp, '\n')) {
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (!line.empty()) lines.emplace_back(line);
  }
  return lines;
}

/// "m=video 0 …"
bool is_declined_media(std::string_view line) {
  const auto words = split(line, ' ');
  return words.size() > 1 && words[1] == "0";
}

void write_candidates(std::ostream& out, const std::vector<std::string>& candidates) {
  for (const auto& candidate : candidates) out << "\r\na=" << candidate;
  out << "\r\na=end-of-candidates";
}

/// What follows `start` on the first such line.
std::string first_of(std::string_view sdp, std::string_view start) {
  for (const auto& line : lines_of(sdp))
    if (line.starts_with(start)) return line.substr(start.size());
  return {};
}

/// With another value on each line that has this one.
std::string with_value(std::string_view sdp, std::string_view start, std::string_view value) {
  std::ostringstream out;
  for (const auto& line : lines_of(sdp))
    line.starts_with(start) ? out << start << value << "\r\n" : out << line << "\r\n";
  return out.str();
}

/// "o=- SESSION VERSION IN IP4 ADDRESS" with the next version.
std::string next_origin(std::string_view line) {
  const auto words = split(line, ' ');
  std::string next;
  for (std::size_t i = 0; i < words.size(); ++i) {
    std::uint64_t version = 0;
    if (i == 2) std::from_chars(words[i].data(), words[i].data() + words[i].size(), version);
    next += (i ? " " : "") + (i == 2 ? std::to_string(version + 1) : std::string(words[i]));
  }
  return next;
}

/// The m-lines of an offer that are not ours, each with the transport of our answer: some clients (aiortc) want to
/// find it in declined m-lines, too.
class DeclinedWriter {
 public:
  DeclinedWriter(const SdpSections& answer, std::string tagged_mid) : tagged_mid_(std::move(tagged_mid)) {
    if (!answer.medias.empty()) voice_ = answer.medias.front();
  }

  void write(std::ostream& out, const std::vector<RemoteDescription::Declined>& medias) const {
    for (const auto& media : medias) write(out, media, !media.mid.empty() && media.mid == tagged_mid_);
  }

 private:
  /// The tagged m-line is not refused: Chromium with max-bundle takes its transport from there (RFC 9143 §7.3.3). It is
  /// inactive, so nothing is sent on it.
  void write(std::ostream& out, const RemoteDescription::Declined& media, bool is_tagged) const {
    out << "m=" << media.media << (is_tagged ? " 9 " : " 0 ") << media.protocol << " " << media.formats
        << "\r\nc=IN IP4 0.0.0.0\r\na=inactive\r\n";
    write_value(out, "mid", media.mid);
    write_value(out, "ice-ufrag", voice_.ice_ufrag);
    write_value(out, "ice-pwd", voice_.ice_pwd);
    write_value(out, "fingerprint", voice_.fingerprint);
    write_value(out, "setup", voice_.setup);
    if (voice_.has_rtcp_mux) out << "a=rtcp-mux\r\n";
    for (const auto& attribute : media.attributes) out << "a=" << attribute << "\r\n";
    if (!is_tagged) return;
    for (const auto candidate : voice_.candidates) out << "a=candidate:" << candidate << "\r\n";
  }
  static void write_value(std::ostream& out, const char* name, std::string_view value) {
    if (!value.empty()) out << "a=" << name << ":" << value << "\r\n";
  }

  SdpSection voice_;
  std::string tagged_mid_;
};

/// webrtcbin's description for a listener: with an msid, and without the feedback that webrtcbin always offers and
/// nobody reads.
std::string for_listener(std::string_view sdp, std::string_view stream_id) {
  std::ostringstream out;
  for (const auto& line : lines_of(sdp)) {
    if (line.starts_with("a=rtcp-fb:") && line.ends_with(" transport-cc")) continue;
    out << line << "\r\n";
    if (line.starts_with("a=mid:")) out << "a=msid:" << stream_id << " voice\r\n";
  }
  return out.str();
}

/// An answer that agrees to be asked for lost packets. webrtcbin 1.22 leaves that out, whatever its caps say.
std::string with_nack(std::string_view sdp, unsigned payload_type) {
  std::ostringstream out;
  const auto number = std::to_string(payload_type);
  for (const auto& line : lines_of(sdp)) {
    out << line << "\r\n";
    if (line.starts_with("a=rtpmap:" + number + ' ')) out << "a=rtcp-fb:" << number << " nack\r\n";
  }
  return out.str();
}

}  // namespace

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

std::string complete_answer(std::string_view webrtcbin_answer, const RemoteDescription& offer) {
  const auto sections = read_sections(webrtcbin_answer);
  const DeclinedWriter declined(sections ? *sections : SdpSections(), offer.tagged_mid);
  std::ostringstream out;
  for (const auto& line : lines_of(webrtcbin_answer)) {
    if (line.starts_with("m=")) declined.write(out, offer.before);
    if (line.starts_with("a=mid:") && !offer.has_mid) continue;
    if (line.starts_with("a=group:BUNDLE ") && !offer.tagged_mid.empty())
      out << "a=group:BUNDLE " << offer.tagged_mid << ' ' << offer.mid << "\r\n";
    else
      out << line << "\r\n";
  }
  declined.write(out, offer.behind);
  return out.str();
}

std::string mid_of(std::string_view sdp) { return first_of(sdp, "a=mid:"); }

std::string setup_of(std::string_view sdp) { return first_of(sdp, "a=setup:"); }

std::string with_candidates(std::string_view sdp, const std::vector<std::string>& candidates) {
  std::ostringstream out;
  bool is_written = false;
  for (const auto& line : lines_of(sdp)) {
    if (!line.starts_with("a=candidate:"))
      out << line << "\r\n";
    else if (!std::exchange(is_written, true))
      for (const auto& candidate : candidates) out << "a=" << candidate << "\r\n";
  }
  return out.str();
}

std::string with_ice_lite(std::string_view sdp) {
  auto media = sdp.find("\nm=");
  media = media == sdp.npos ? sdp.size() : media + 1;
  return std::string(sdp.substr(0, media)) + "a=ice-lite\r\n" + std::string(sdp.substr(media));
}

std::string with_ice_credentials(std::string_view sdp, const IceParameters& ice) {
  return with_value(with_value(sdp, "a=ice-ufrag:", ice.ufrag), "a=ice-pwd:", ice.pwd);
}

std::string with_fingerprint(std::string_view sdp, std::string_view fingerprint) {
  return with_value(sdp, "a=fingerprint:", fingerprint);
}

std::string renewed_description(std::string_view sdp, const IceParameters& ice, std::string_view setup) {
  std::ostringstream out;
  bool is_declined = false;
  for (const auto& line : lines_of(sdp)) {
    if (line.starts_with("a=candidate:") || line == "a=end-of-candidates") continue;
    if (line.starts_with("m=")) is_declined = is_declined_media(line);
    if (line.starts_with("o=")) {
      out << next_origin(line);
    } else if (line.starts_with("a=ice-ufrag:")) {
      out << "a=ice-ufrag:" << ice.ufrag;
    } else if (line.starts_with("a=ice-pwd:")) {
      out << "a=ice-pwd:" << ice.pwd;
      if (!is_declined) write_candidates(out, ice.candidates);
    } else if (line.starts_with("a=setup:")) {
      out << "a=setup:" << setup;
    } else {
      out << line;
    }
    out << "\r\n";
  }
  return out.str();
}

std::string complete_offer(std::string_view webrtcbin_offer, std::string_view stream_id) {
  return for_listener(webrtcbin_offer, stream_id);
}

std::string complete_listener_answer(std::string_view webrtcbin_answer, const RemoteDescription& offer,
                                     std::string_view stream_id, bool resends) {
  auto own = for_listener(webrtcbin_answer, stream_id);
  if (resends && offer.resends) own = with_nack(own, offer.payload_type);
  return complete_answer(own, offer);
}

}  // namespace voicecast
