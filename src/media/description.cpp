#include "media/description.hpp"

#include <gst/sdp/sdp.h>

#include <algorithm>
#include <charconv>
#include <memory>
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
  const bool is_number = std::from_chars(text.data(), text.data() + text.size(), value).ec == std::errc();
  if (is_number && value != 0) d.ssrc = value;  // webrtcbin 1.22 takes 0 for none, with a critical warning
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

void note_payload_types(const GstSDPMedia* media, std::bitset<128>& payload_types) {
  for (guint i = 0; i < gst_sdp_media_formats_len(media); ++i)
    if (const auto number = payload_number(or_empty(gst_sdp_media_get_format(media, i)))) payload_types.set(*number);
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
      note_payload_types(media, d.declined_payload_types);
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
  d.declined_payload_types.reset(d.payload_type);
  if (d.rtx_payload_type) d.declined_payload_types.reset(*d.rtx_payload_type);
  d.direction = read_direction(sdp.get(), audio);
  if (auto status = read_transport(sdp.get(), audio, d); !status) return status.error();
  return d;
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

}  // namespace voicecast
