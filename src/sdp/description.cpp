// SPDX-License-Identifier: MIT
#include "sdp/description.hpp"

#include <algorithm>
#include <utility>

#include "base/text.hpp"
#include "sdp/candidate.hpp"
#include "sdp/ice_text.hpp"
#include "sdp/sdp_sections.hpp"

namespace voicecast {
namespace {

Error bad(std::string words) { return {ErrorCode::bad_message, "the SDP " + std::move(words)}; }
Error unsupported(std::string words) { return {ErrorCode::unsupported, "the SDP " + std::move(words)}; }

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
  } hashes[] = {{"sha-256", 32}, {"sha-384", 48}, {"sha-512", 64}};
  const auto* known = std::find_if(std::begin(hashes), std::end(hashes), [&](auto& h) { return h.name == hash; });
  if (known == std::end(hashes) || hex.size() != known->bytes * 3 - 1) return std::nullopt;
  for (std::size_t i = 0; i < hex.size(); ++i)
    if (i % 3 == 2 ? hex[i] != ':' : !g_ascii_isxdigit(hex[i])) return std::nullopt;
  return hash + " " + hex;
}

const SdpSection* media_of_mid(const SdpSections& sdp, std::string_view mid) {
  const auto found = std::ranges::find(sdp.medias, mid, &SdpSection::mid);
  return found == sdp.medias.end() ? nullptr : &*found;
}

/// Port 0 declines an m-line, except for a bundle-only one (RFC 9143 §6).
bool is_declined(const SdpSection& media) { return media.port == 0 && !media.is_bundle_only; }

bool is_rtp(const SdpSection& media) { return media.protocol.find("RTP/") != std::string_view::npos; }

/// RFC 7587 §7. The channel count is always 2; some clients omit it.
bool is_opus(const SdpSection::Codec& codec) {
  const auto name = lower(codec.name);
  return name == "opus/48000" || name.starts_with("opus/48000/");
}

/// The first Opus payload type of the m-line, which is the preferred one (RFC 3264 §5.1).
std::optional<unsigned> find_opus(const SdpSection& media) {
  for (const auto payload_type : media.payload_types)
    if (is_opus(media.codecs[payload_type])) return payload_type;
  return std::nullopt;
}

/// The payload type of retransmissions, associated by apt (RFC 4588 §8.6).
std::optional<unsigned> find_rtx(const SdpSection& media, unsigned payload_type) {
  for (const auto candidate : media.payload_types) {
    const auto& codec = media.codecs[candidate];
    if (lower(codec.name) == "rtx/48000" && codec.apt == payload_type) return candidate;
  }
  return std::nullopt;
}

std::optional<std::uint32_t> read_ssrc(std::string_view value) {
  const auto ssrc = parse_number<std::uint32_t>(value.substr(0, value.find(' ')));
  return ssrc == 0U ? std::nullopt : ssrc;  // webrtcbin 1.22 treats 0 as none, with a critical warning
}

Status read_codecs(const SdpSection& audio, RemoteDescription& d) {
  if (audio.ambiguous_payload_type)
    return bad("has two a=rtpmap of payload type " + std::to_string(*audio.ambiguous_payload_type) +
               " in its audio m-line: each codec needs a number of its own");
  const auto opus = find_opus(audio);
  if (!opus) return unsupported("has no Opus (a=rtpmap:… opus/48000/2) in its audio m-line");
  d.payload_type = *opus;
  d.is_stereo = audio.codecs[*opus].is_stereo;
  d.sends_stereo = audio.codecs[*opus].sends_stereo;
  d.resends = audio.has_nack(*opus);
  if (d.resends) d.rtx_payload_type = find_rtx(audio, *opus);
  d.declined_payload_types.reset(*opus);
  if (d.rtx_payload_type) d.declined_payload_types.reset(*d.rtx_payload_type);
  return success();
}

/// Ignores malformed candidates, as it ignores those of other transports: the others may be valid (RFC 8839 §4.1).
Status read_candidates(const SdpSection& media, RemoteDescription& d) {
  if (media.candidates.size() > max_candidates)
    return bad("has more than " + std::to_string(max_candidates) + " candidates");
  for (const auto text : media.candidates) {
    auto candidate = check_candidate("candidate:" + std::string(text));
    if (candidate && !candidate->empty()) d.candidates.push_back(std::move(*candidate));
  }
  return success();
}

/// The tagged m-line of the bundle (RFC 9143 §7.1.3); null if the audio m-line is not bundled.
const SdpSection* tagged_media(const SdpSections& sdp, RemoteDescription& d) {
  const auto mids = split(sdp.session.bundle, ' ');
  d.is_bundled = std::ranges::find(mids, d.mid) != mids.end();
  return d.is_bundled ? media_of_mid(sdp, mids.front()) : nullptr;
}

Status read_transport(const SdpSections& sdp, const SdpSection& audio, RemoteDescription& d) {
  const auto* tagged = tagged_media(sdp, d);
  const auto find = [&](std::string_view SdpSection::*attribute) {
    if (!(audio.*attribute).empty()) return audio.*attribute;
    if (!(sdp.session.*attribute).empty()) return sdp.session.*attribute;
    return tagged ? tagged->*attribute : std::string_view();
  };
  d.ice_ufrag = find(&SdpSection::ice_ufrag);
  d.ice_pwd = find(&SdpSection::ice_pwd);
  if (d.ice_ufrag.empty() || d.ice_pwd.empty()) return bad("has no ICE credentials (a=ice-ufrag, a=ice-pwd)");
  if (!is_ice_ufrag(d.ice_ufrag)) return bad("has a bad a=ice-ufrag (4 to 256 letters, digits, + or /)");
  if (!is_ice_pwd(d.ice_pwd)) return bad("has a bad a=ice-pwd (22 to 256 letters, digits, + or /)");
  d.is_ice_lite = sdp.session.is_ice_lite;
  const auto fingerprint = find(&SdpSection::fingerprint);
  if (fingerprint.empty()) return bad("has no a=fingerprint: WebRTC's media is always encrypted (DTLS-SRTP)");
  const auto checked = checked_fingerprint(fingerprint);
  if (!checked) return bad("has a bad a=fingerprint (expected sha-256 and 32 bytes in hex, or sha-384, sha-512)");
  d.fingerprint = *checked;
  d.setup = find(&SdpSection::setup);
  if (d.setup != "actpass" && d.setup != "active" && d.setup != "passive")
    return bad("has no valid a=setup (expected actpass, active or passive)");
  if (!audio.has_rtcp_mux) return unsupported("has no a=rtcp-mux in its audio m-line, which WebRTC needs");
  if (tagged && tagged != &audio && is_rtp(*tagged) && !is_declined(*tagged) && is_token(tagged->mid))
    d.tagged_mid = tagged->mid;
  if (auto status = read_candidates(audio, d); !status) return status;
  return tagged && tagged != &audio ? read_candidates(*tagged, d) : success();
}

/// A token of the client that is echoed in a declined m-line; an invalid one is replaced.
std::string word_or(std::string_view text, std::string_view instead) {
  return std::string(is_token(text) ? text : instead);
}

void add_format(RemoteDescription::Declined& declined, unsigned payload_type, const SdpSection::Codec& codec) {
  const auto number = std::to_string(payload_type);
  declined.formats += (declined.formats.empty() ? "" : " ") + number;
  if (is_token(codec.name)) declined.attributes.push_back("rtpmap:" + number + ' ' + std::string(codec.name));
  if (codec.apt) declined.attributes.push_back("fmtp:" + number + " apt=" + std::to_string(*codec.apt));
}

RemoteDescription::Declined decline(const SdpSection& media) {
  RemoteDescription::Declined declined;
  declined.media = word_or(media.media, "application");
  declined.protocol = word_or(media.protocol, "UDP/TLS/RTP/SAVPF");
  declined.mid = word_or(media.mid, "");
  if (is_rtp(media))
    for (const auto payload_type : media.payload_types) add_format(declined, payload_type, media.codecs[payload_type]);
  if (declined.formats.empty()) declined.formats = word_or(media.first_format, "0");
  return declined;
}

/// Picks the audio m-line and records the others as declined. Null without an audio m-line.
const SdpSection* pick_audio(const SdpSections& sdp, RemoteDescription& d) {
  const SdpSection* audio = nullptr;
  for (const auto& media : sdp.medias) {
    if (!audio && media.media == "audio" && !is_declined(media)) {
      audio = &media;
      d.mline_index = d.before.size();
    } else {
      (audio ? d.behind : d.before).push_back(decline(media));
      for (const auto payload_type : media.payload_types) d.declined_payload_types.set(payload_type);
    }
  }
  return audio;
}

std::string direction_of(const SdpSections& sdp, const SdpSection& audio) {
  if (!audio.direction.empty()) return std::string(audio.direction);
  return sdp.session.direction.empty() ? "sendrecv" : std::string(sdp.session.direction);  // RFC 8866 §6.7
}

Result<RemoteDescription> read(std::string_view text, DescriptionType type) {
  if (text.size() > max_sdp_bytes) return bad("is larger than 64 KiB");
  if (!text.starts_with("v=0")) return bad("does not parse: it must begin with \"v=0\"");
  const auto sdp = read_sections(text);
  if (!sdp) return sdp.error();
  RemoteDescription d;
  d.type = type;
  const auto* audio = pick_audio(*sdp, d);
  if (!audio) return unsupported("has no audio: an m=audio line with Opus is needed");
  if (!audio->mid.empty() && !is_token(audio->mid)) return bad("has a bad a=mid (up to 64 visible characters)");
  d.has_mid = !audio->mid.empty();
  d.mid = d.has_mid ? audio->mid : "audio";
  if (audio->protocol.find("RTP/SAVP") == std::string_view::npos)
    return unsupported("has an m=audio line that is not UDP/TLS/RTP/SAVPF");
  if (auto status = read_codecs(*audio, d); !status) return status.error();
  d.ssrc = read_ssrc(audio->ssrc);
  d.direction = direction_of(*sdp, *audio);
  if (auto status = read_transport(*sdp, *audio, d); !status) return status.error();
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
