// SPDX-License-Identifier: MIT
#include "sdp/sdp_sections.hpp"

#include <algorithm>
#include <bitset>
#include <string>
#include <utility>

#include "base/text.hpp"

namespace voicecast {
namespace {

Error bad(std::string words) { return {ErrorCode::bad_message, "the SDP " + std::move(words)}; }

/// Takes the text before the separator, and the separator; all of it without one.
std::string_view take_until(std::string_view& text, char separator) {
  const auto end = text.find(separator);
  const auto part = text.substr(0, end);
  text.remove_prefix(end == text.npos ? text.size() : end + 1);
  return part;
}

/// The next word between spaces; empty at the end.
std::string_view take_word(std::string_view& text) {
  text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
  return take_until(text, ' ');
}

std::optional<unsigned> payload_number(std::string_view text) {
  const auto value = parse_number<unsigned>(text);
  return value && *value <= 127 ? value : std::nullopt;
}

void set_first(std::string_view& where, std::string_view value) {
  if (where.empty()) where = value;
}

/// Parses the value of "m=", such as "audio 9/1 UDP/TLS/RTP/SAVPF 111 63".
SdpSection begin_media(std::string_view line) {
  SdpSection section;
  section.media = take_word(line);
  auto ports = take_word(line);
  section.port = parse_number<unsigned>(take_until(ports, '/')).value_or(0);
  section.protocol = take_word(line);
  std::bitset<128> is_listed;
  for (auto word = take_word(line); !word.empty(); word = take_word(line)) {
    set_first(section.first_format, word);
    const auto number = payload_number(word);
    if (!number || is_listed[*number]) continue;
    is_listed.set(*number);
    section.payload_types.push_back(*number);
  }
  return section;
}

/// "111 opus/48000/2" (RFC 8866 §6.6).
void read_rtpmap(SdpSection& section, std::string_view value) {
  const auto number = payload_number(take_word(value));
  const auto name = take_word(value);
  if (!number || name.empty()) return;
  auto& known = section.codecs[*number].name;
  if (!known.empty() && lower(known) != lower(name)) section.ambiguous_payload_type = number;
  set_first(known, name);
}

/// "111 minptime=10;stereo=1" (RFC 8866 §6.15, RFC 7587 §6.1).
void read_fmtp(SdpSection& section, std::string_view value) {
  const auto number = payload_number(take_word(value));
  if (!number) return;
  auto& codec = section.codecs[*number];
  while (!value.empty()) {
    auto parameter = trimmed(take_until(value, ';'));
    if (parameter == "stereo=1") codec.is_stereo = true;
    if (parameter == "sprop-stereo=1") codec.sends_stereo = true;
    if (parameter.starts_with("apt=")) codec.apt = payload_number(parameter.substr(4));
  }
}

/// "111 nack" or "* nack"; "111 nack pli" is another kind of feedback.
void read_feedback(SdpSection& section, std::string_view value) {
  const auto format = take_word(value);
  if (value != "nack") return;
  if (format == "*") section.all_have_nack = true;
  if (const auto number = payload_number(format)) section.codecs[*number].has_nack = true;
}

void read_group(SdpSection& section, std::string_view value) {
  if (take_word(value) == "BUNDLE") set_first(section.bundle, value);
}

/// Several are allowed (RFC 8122 §5.1): the first counts, unless it is of SHA-1, which is refused.
void read_fingerprint(SdpSection& section, std::string_view value) {
  constexpr std::string_view weak = "sha-1 ";
  if (lower(section.fingerprint.substr(0, weak.size())) == weak) section.fingerprint = {};
  set_first(section.fingerprint, value);
}

void read_flag(SdpSection& section, std::string_view name) {
  if (name == "sendrecv" || name == "sendonly" || name == "recvonly" || name == "inactive")
    set_first(section.direction, name);
  if (name == "rtcp-mux" || name == "rtcp-mux-only") section.has_rtcp_mux = true;
  if (name == "bundle-only") section.is_bundle_only = true;
  if (name == "ice-lite") section.is_ice_lite = true;
}

void read_attribute(SdpSection& section, std::string_view line) {
  static constexpr std::pair<std::string_view, std::string_view SdpSection::*> values[] = {
      {"mid", &SdpSection::mid},
      {"setup", &SdpSection::setup},
      {"ssrc", &SdpSection::ssrc},
      {"ice-ufrag", &SdpSection::ice_ufrag},
      {"ice-pwd", &SdpSection::ice_pwd}};
  static constexpr std::pair<std::string_view, void (*)(SdpSection&, std::string_view)> lists[] = {
      {"rtpmap", read_rtpmap},
      {"fmtp", read_fmtp},
      {"rtcp-fb", read_feedback},
      {"group", read_group},
      {"fingerprint", read_fingerprint}};
  const auto name = take_until(line, ':');
  for (const auto& [known, member] : values)
    if (name == known) return set_first(section.*member, line);
  for (const auto& [known, read] : lists)
    if (name == known) return read(section, line);
  if (name == "candidate")
    section.candidates.push_back(line);
  else
    read_flag(section, name);
}

}  // namespace

Result<SdpSections> read_sections(std::string_view sdp) {
  SdpSections sections;
  auto* section = &sections.session;
  std::size_t lines = 0;
  while (!sdp.empty()) {
    auto line = trimmed(take_until(sdp, '\n'));
    if (line.size() < 2 || line[1] != '=') continue;
    const char type = line[0];
    line.remove_prefix(2);
    if (type == 'm') {
      if (sections.medias.size() == max_mlines) return bad("has more than " + std::to_string(max_mlines) + " m-lines");
      section = &sections.medias.emplace_back(begin_media(line));
      lines = 0;
    }
    if (++lines > max_section_lines)
      return bad("has more than " + std::to_string(max_section_lines) + " lines in one m-line, or before the first");
    if (type == 'a') read_attribute(*section, line);
  }
  return sections;
}

}  // namespace voicecast
