#include "media/description.hpp"

#include <gst/sdp/sdp.h>

#include <algorithm>
#include <charconv>
#include <memory>
#include <sstream>
#include <utility>

#include "glib/text.hpp"
#include "media/candidate.hpp"
#include "media/ice_text.hpp"

namespace voicecast {
namespace {

Error bad(std::string words) { return {ErrorCode::bad_message, "the SDP " + std::move(words)}; }
Error unsupported(std::string words) { return {ErrorCode::unsupported, "the SDP " + std::move(words)}; }

struct FreeSdp {
  void operator()(GstSDPMessage* p) const { gst_sdp_message_free(p); }
};
using Sdp = std::unique_ptr<GstSDPMessage, FreeSdp>;

Sdp parse(std::string_view text) {
  GstSDPMessage* raw = nullptr;
  gst_sdp_message_new(&raw);
  Sdp sdp(raw);
  const auto* bytes = reinterpret_cast<const guint8*>(text.data());
  if (gst_sdp_message_parse_buffer(bytes, static_cast<guint>(text.size()), raw) != GST_SDP_OK) return nullptr;
  return sdp;
}

std::string_view or_empty(const char* text) { return text ? text : ""; }

/// An attribute of the m-line, or of the session where the m-line has none.
std::string_view attribute(const GstSDPMessage* sdp, const GstSDPMedia* media, const char* name) {
  const char* own = gst_sdp_media_get_attribute_val(media, name);
  return or_empty(own ? own : gst_sdp_message_get_attribute_val(sdp, name));
}

bool has_flag(const GstSDPMedia* media, const char* name) {
  return gst_sdp_media_get_attribute_val(media, name) != nullptr;
}

bool is_token(std::string_view text) {
  return !text.empty() && text.size() <= 64 &&
         std::all_of(text.begin(), text.end(), [](unsigned char c) { return c > ' ' && c < 0x7f; });
}

std::optional<std::string> checked_fingerprint(std::string_view text) {  // RFC 8122 §5
  const auto space = text.find(' ');
  if (space == std::string_view::npos) return std::nullopt;
  const auto hash = lower(text.substr(0, space));
  std::string hex(text.substr(space + 1));
  std::transform(hex.begin(), hex.end(), hex.begin(), g_ascii_toupper);
  static constexpr struct {
    std::string_view name;
    std::size_t bytes;
  } hashes[] = {{"sha-1", 20}, {"sha-256", 32}, {"sha-384", 48}, {"sha-512", 64}};
  const auto* known = std::find_if(std::begin(hashes), std::end(hashes), [&](auto& h) { return h.name == hash; });
  if (known == std::end(hashes) || hex.size() != known->bytes * 3 - 1) return std::nullopt;
  for (std::size_t i = 0; i < hex.size(); ++i)
    if (i % 3 == 2 ? hex[i] != ':' : !g_ascii_isxdigit(hex[i])) return std::nullopt;
  return hash + " " + hex;
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (std::size_t at = 0; at <= text.size();) {
    const auto end = std::min(text.find(separator, at), text.size());
    if (end > at) parts.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return parts;
}

/// The mids of the first BUNDLE group (RFC 9143).
std::vector<std::string> bundle_of(const GstSDPMessage* sdp) {
  for (guint i = 0;; ++i) {
    const char* group = gst_sdp_message_get_attribute_val_n(sdp, "group", i);
    if (!group) return {};
    const auto words = split(group, ' ');
    if (!words.empty() && words[0] == "BUNDLE") return {words.begin() + 1, words.end()};
  }
}

const GstSDPMedia* media_of_mid(const GstSDPMessage* sdp, std::string_view mid) {
  for (guint i = 0; i < gst_sdp_message_medias_len(sdp); ++i) {
    const auto* media = gst_sdp_message_get_media(sdp, i);
    if (or_empty(gst_sdp_media_get_attribute_val(media, "mid")) == mid) return media;
  }
  return nullptr;
}

bool is_audio(const GstSDPMedia* media) { return or_empty(gst_sdp_media_get_media(media)) == "audio"; }

/// Port 0 declines an m-line, except in a bundle, where it may only mean "with the others" (RFC 9143 §6).
bool is_declined(const GstSDPMedia* media) {
  return gst_sdp_media_get_port(media) == 0 && !has_flag(media, "bundle-only");
}

std::optional<unsigned> payload_number(std::string_view text) {
  const auto value = parse_number<unsigned>(text);
  return value && *value <= 127 ? value : std::nullopt;
}

/// "111 opus/48000/2" (RFC 7587 §7) → 111.
std::optional<unsigned> opus_payload(std::string_view rtpmap) {
  const auto words = split(rtpmap, ' ');
  if (words.size() < 2 || g_ascii_strncasecmp(std::string(words[1]).c_str(), "opus/48000", 10) != 0)
    return std::nullopt;
  return payload_number(words[0]);
}

bool lists_format(const GstSDPMedia* media, unsigned payload_type) {
  for (guint i = 0; i < gst_sdp_media_formats_len(media); ++i)
    if (payload_number(or_empty(gst_sdp_media_get_format(media, i))) == payload_type) return true;
  return false;
}

std::optional<unsigned> find_opus(const GstSDPMedia* media) {
  for (guint i = 0; const char* rtpmap = gst_sdp_media_get_attribute_val_n(media, "rtpmap", i); ++i)
    if (const auto payload = opus_payload(rtpmap); payload && lists_format(media, *payload)) return payload;
  return std::nullopt;
}

void read_fmtp(const GstSDPMedia* media, RemoteDescription& d) {
  for (guint i = 0; const char* fmtp = gst_sdp_media_get_attribute_val_n(media, "fmtp", i); ++i) {
    const std::string_view text = fmtp;
    const auto space = text.find(' ');
    if (space == std::string_view::npos || payload_number(text.substr(0, space)) != d.payload_type) continue;
    for (auto parameter : split(text.substr(space + 1), ';')) {
      while (parameter.starts_with(' ')) parameter.remove_prefix(1);
      if (parameter == "stereo=1") d.is_stereo = true;
      if (parameter == "sprop-stereo=1") d.sends_stereo = true;
    }
  }
}

/// "111 nack" or "* nack"; "111 nack pli" is another one.
void read_feedback(const GstSDPMedia* media, RemoteDescription& d) {
  for (guint i = 0; const char* feedback = gst_sdp_media_get_attribute_val_n(media, "rtcp-fb", i); ++i) {
    const auto words = split(feedback, ' ');
    if (words.size() == 2 && words[1] == "nack" && (words[0] == "*" || payload_number(words[0]) == d.payload_type))
      d.resends = true;
  }
}

/// The payload type whose rtpmap is rtx/48000 and whose fmtp has apt= with Opus' own.
void read_rtx(const GstSDPMedia* media, RemoteDescription& d) {
  const auto apt = "apt=" + std::to_string(d.payload_type);
  for (guint i = 0; const char* rtpmap = gst_sdp_media_get_attribute_val_n(media, "rtpmap", i); ++i) {
    const auto words = split(rtpmap, ' ');
    const auto payload = words.size() == 2 && words[1] == "rtx/48000" ? payload_number(words[0]) : std::nullopt;
    if (!payload || !lists_format(media, *payload)) continue;
    for (guint k = 0; const char* fmtp = gst_sdp_media_get_attribute_val_n(media, "fmtp", k); ++k)
      if (std::to_string(*payload) + ' ' + apt == fmtp) d.rtx_payload_type = payload;
  }
}

std::string read_direction(const GstSDPMessage* sdp, const GstSDPMedia* media) {
  for (const char* name : {"sendrecv", "sendonly", "recvonly", "inactive"})
    if (has_flag(media, name)) return name;
  for (const char* name : {"sendrecv", "sendonly", "recvonly", "inactive"})
    if (gst_sdp_message_get_attribute_val(sdp, name)) return name;
  return "sendrecv";  // RFC 8866 §6.7
}

Status read_candidates(const GstSDPMedia* media, RemoteDescription& d) {
  for (guint i = 0; const char* text = gst_sdp_media_get_attribute_val_n(media, "candidate", i); ++i) {
    if (i >= max_candidates) return bad("has more than " + std::to_string(max_candidates) + " candidates");
    auto candidate = check_candidate("candidate:" + std::string(text));
    if (!candidate) return bad("has a bad line: " + candidate.error().message);
    if (!candidate->empty()) d.candidates.push_back(std::move(*candidate));
  }
  return success();
}

void read_ssrc(const GstSDPMedia* media, RemoteDescription& d) {
  const auto text = or_empty(gst_sdp_media_get_attribute_val(media, "ssrc"));
  std::uint32_t value = 0;
  if (std::from_chars(text.data(), text.data() + text.size(), value).ec == std::errc()) d.ssrc = value;
}

Status read_transport(const GstSDPMessage* sdp, const GstSDPMedia* audio, RemoteDescription& d) {
  const auto bundle = bundle_of(sdp);
  d.is_bundled = std::find(bundle.begin(), bundle.end(), d.mid) != bundle.end();
  // In a bundle the first m-line may carry the transport for all (RFC 9143 §7.1.3).
  const auto* tagged = d.is_bundled ? media_of_mid(sdp, bundle.front()) : nullptr;
  const auto find = [&](const char* name) {
    const auto own = attribute(sdp, audio, name);
    return own.empty() && tagged ? attribute(sdp, tagged, name) : own;
  };
  d.ice_ufrag = find("ice-ufrag");
  d.ice_pwd = find("ice-pwd");
  if (d.ice_ufrag.empty() || d.ice_pwd.empty()) return bad("has no ICE credentials (a=ice-ufrag, a=ice-pwd)");
  if (!is_ice_ufrag(d.ice_ufrag)) return bad("has a bad a=ice-ufrag (4 to 256 letters, digits, + or /)");
  if (!is_ice_pwd(d.ice_pwd)) return bad("has a bad a=ice-pwd (22 to 256 letters, digits, + or /)");
  d.is_ice_lite = gst_sdp_message_get_attribute_val(sdp, "ice-lite") != nullptr;
  const auto fingerprint = find("fingerprint");
  if (fingerprint.empty()) return bad("has no a=fingerprint: WebRTC's media is always encrypted (DTLS-SRTP)");
  const auto checked = checked_fingerprint(fingerprint);
  if (!checked) return bad("has a bad a=fingerprint (expected sha-256 and 32 bytes in hex, or sha-1, -384, -512)");
  d.fingerprint = *checked;
  d.setup = find("setup");
  if (d.setup != "actpass" && d.setup != "active" && d.setup != "passive")
    return bad("has no good a=setup (expected actpass, active or passive)");
  if (!has_flag(audio, "rtcp-mux") && !has_flag(audio, "rtcp-mux-only"))
    return unsupported("has no a=rtcp-mux in its audio m-line, which WebRTC needs");
  if (auto status = read_candidates(audio, d); !status) return status;
  return tagged && tagged != audio ? read_candidates(tagged, d) : success();
}

/// A word of the client's own that goes back to him in a declined m-line; a bad one is replaced, nobody reads it.
std::string word_or(const char* text, std::string_view instead) {
  return std::string(is_token(or_empty(text)) ? or_empty(text) : instead);
}

RemoteDescription::Declined decline(const GstSDPMedia* media) {
  return {word_or(gst_sdp_media_get_media(media), "application"),
          word_or(gst_sdp_media_get_proto(media), "UDP/TLS/RTP/SAVPF"),
          word_or(gst_sdp_media_formats_len(media) ? gst_sdp_media_get_format(media, 0) : nullptr, "0"),
          word_or(gst_sdp_media_get_attribute_val(media, "mid"), "")};
}

/// Picks the audio m-line; the others are noted as declined. Null where there is none.
const GstSDPMedia* pick_audio(const GstSDPMessage* sdp, RemoteDescription& d) {
  const GstSDPMedia* audio = nullptr;
  for (guint i = 0; i < gst_sdp_message_medias_len(sdp); ++i) {
    const auto* media = gst_sdp_message_get_media(sdp, i);
    if (!audio && is_audio(media) && !is_declined(media)) {
      audio = media;
      d.mline_index = i;
    } else {
      (audio ? d.behind : d.before).push_back(decline(media));
    }
  }
  return audio;
}

Result<RemoteDescription> read(std::string_view text, DescriptionType type) {
  if (text.size() > max_sdp_bytes) return bad("is larger than 64 KiB");
  if (!text.starts_with("v=0")) return bad("does not parse: it must begin with \"v=0\"");
  const auto sdp = parse(text);
  if (!sdp) return bad("does not parse");
  RemoteDescription d;
  d.type = type;
  const auto* audio = pick_audio(sdp.get(), d);
  if (!audio) return unsupported("has no audio: an m=audio line with Opus is needed");
  const auto mid = or_empty(gst_sdp_media_get_attribute_val(audio, "mid"));
  if (!mid.empty() && !is_token(mid)) return bad("has a bad a=mid (up to 64 visible characters)");
  d.has_mid = !mid.empty();
  d.mid = d.has_mid ? mid : "audio";
  const auto protocol = or_empty(gst_sdp_media_get_proto(audio));
  if (protocol.find("RTP/SAVP") == std::string_view::npos)
    return unsupported("has an m=audio line that is not UDP/TLS/RTP/SAVPF");
  const auto opus = find_opus(audio);
  if (!opus) return unsupported("has no Opus (a=rtpmap:… opus/48000/2) in its audio m-line");
  d.payload_type = *opus;
  read_fmtp(audio, d);
  read_ssrc(audio, d);
  read_feedback(audio, d);
  if (d.resends) read_rtx(audio, d);
  d.direction = read_direction(sdp.get(), audio);
  if (auto status = read_transport(sdp.get(), audio, d); !status) return status.error();
  return d;
}

std::vector<std::string> lines_of(std::string_view sdp) {
  std::vector<std::string> lines;
  for (auto line : split(sdp, '\n')) {
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (!line.empty()) lines.emplace_back(line);
  }
  return lines;
}

/// What follows `start` on the first such line.
std::string first_of(std::string_view sdp, std::string_view start) {
  for (const auto& line : lines_of(sdp))
    if (line.starts_with(start)) return line.substr(start.size());
  return {};
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

void write_declined(std::ostream& out, const std::vector<RemoteDescription::Declined>& medias) {
  for (const auto& m : medias) {
    out << "m=" << m.media << " 0 " << m.protocol << " " << m.format << "\r\nc=IN IP4 0.0.0.0\r\na=inactive\r\n";
    if (!m.mid.empty()) out << "a=mid:" << m.mid << "\r\n";
  }
}

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

}  // namespace

Result<RemoteDescription> read_offer(std::string_view sdp) {
  auto d = read(sdp, DescriptionType::offer);
  if (d && d->direction != "sendrecv" && d->direction != "sendonly")
    return unsupported("offers to send no audio (a=" + d->direction + "): a sender's m-line is sendonly or sendrecv");
  return d;
}

Result<RemoteDescription> read_listener_offer(std::string_view sdp) {
  auto d = read(sdp, DescriptionType::offer);
  if (!d) return d;
  if (d->direction != "sendrecv" && d->direction != "recvonly")
    return unsupported("offers to receive no audio (a=" + d->direction + "): a listener's m-line is recvonly");
  d->direction = "recvonly";
  return d;
}

Result<RemoteDescription> read_answer(std::string_view sdp, unsigned payload_type) {
  auto d = read(sdp, DescriptionType::answer);
  if (!d) return d;
  if (!d->before.empty() || !d->behind.empty()) return bad("answers more m-lines than the one that was offered");
  if (d->payload_type != payload_type)
    return bad("answers Opus with payload type " + std::to_string(d->payload_type) + " where " +
               std::to_string(payload_type) + " was offered");
  if (d->direction != "sendrecv" && d->direction != "recvonly")
    return bad("answers that it receives no audio (a=" + d->direction + ")");
  if (d->setup == "actpass") return bad("answers a=setup:actpass, which is for offers: active or passive");
  return d;
}

Result<RemoteDescription> read_restart(std::string_view sdp) { return read(sdp, DescriptionType::offer); }

bool continues(const RemoteDescription& offer, const RemoteDescription& was) {
  return offer.fingerprint == was.fingerprint && offer.mid == was.mid && offer.mline_index == was.mline_index &&
         offer.payload_type == was.payload_type;
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

std::string complete_answer(std::string_view webrtcbin_answer, const RemoteDescription& offer) {
  std::ostringstream out;
  for (const auto& line : lines_of(webrtcbin_answer)) {
    if (line.starts_with("m=")) write_declined(out, offer.before);
    if (line.starts_with("a=mid:") && !offer.has_mid) continue;
    out << line << "\r\n";
  }
  write_declined(out, offer.behind);
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

std::string renewed_description(std::string_view sdp, const IceParameters& ice, std::string_view setup) {
  std::ostringstream out;
  for (const auto& line : lines_of(sdp)) {
    if (line.starts_with("a=candidate:") || line == "a=end-of-candidates") continue;
    if (line.starts_with("o=")) {
      out << next_origin(line);
    } else if (line.starts_with("a=ice-ufrag:")) {
      out << "a=ice-ufrag:" << ice.ufrag;
    } else if (line.starts_with("a=ice-pwd:")) {
      out << "a=ice-pwd:" << ice.pwd;
      for (const auto& candidate : ice.candidates) out << "\r\na=" << candidate;
      out << "\r\na=end-of-candidates";
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
                                     std::string_view stream_id) {
  return complete_answer(for_listener(webrtcbin_answer, stream_id), offer);
}

}  // namespace voicecast
