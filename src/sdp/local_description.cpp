// SPDX-License-Identifier: MIT
#include "sdp/local_description.hpp"

#include <utility>

#include "base/text.hpp"
#include "sdp/sdp_sections.hpp"

namespace voicecast {
namespace {

/// The parts that read_sections() does not give: "o=- SESSION VERSION IN IP4 ADDRESS", Opus' parameters, the sources.
void read_line(std::string_view line, LocalDescription& d) {
  const auto parameters = "a=fmtp:" + std::to_string(d.payload_type) + ' ';
  constexpr std::string_view source = "a=ssrc:";
  if (line.starts_with("o=")) {
    const auto words = split(line, ' ');
    if (words.size() < 3) return;
    d.session_id = words[1];
    d.version = parse_number<std::uint64_t>(words[2]).value_or(0);
  } else if (line.starts_with(parameters)) {
    d.parameters = line.substr(parameters.size());
  } else if (line.starts_with(source)) {
    d.sources.emplace_back(line.substr(source.size()));
  }
}

std::optional<unsigned> rtx_in(const SdpSection& audio) {
  if (audio.payload_types.size() < 2) return std::nullopt;
  return audio.payload_types[1];
}

}  // namespace

Result<LocalDescription> read_local_description(std::string_view sdp, DescriptionType type) {
  const auto sections = read_sections(sdp);
  if (!sections) return sections.error();
  if (sections->medias.empty() || sections->medias.front().payload_types.empty())
    return Error{ErrorCode::failed, "webrtcbin describes no media"};
  const auto& audio = sections->medias.front();
  LocalDescription d;
  d.type = type;
  d.mid = audio.mid;
  d.is_bundled = !sections->session.bundle.empty();
  d.payload_type = audio.payload_types.front();
  d.resends = audio.has_nack(d.payload_type);
  d.rtx_payload_type = rtx_in(audio);
  d.direction = audio.direction;
  d.setup = audio.setup;
  d.ice.ufrag = audio.ice_ufrag;
  d.ice.pwd = audio.ice_pwd;
  for (const auto candidate : audio.candidates) d.ice.candidates.push_back("candidate:" + std::string(candidate));
  d.fingerprint = audio.fingerprint;
  for (auto line : split(sdp, '\n')) {
    if (line.ends_with('\r')) line.remove_suffix(1);
    read_line(line, d);
  }
  return d;
}

void LocalDescription::answer(const RemoteDescription& offer) {
  has_mid = offer.has_mid;
  tagged_mid = offer.tagged_mid;
  before = offer.before;
  behind = offer.behind;
}

void LocalDescription::renew(IceParameters parameters) {
  ++version;
  ice = std::move(parameters);
  has_all_candidates = true;
}

}  // namespace voicecast
