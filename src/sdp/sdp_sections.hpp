// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace voicecast {

/// The maximum of lines of an m-line, and of the session part. A browser's video m-line has under 200.
inline constexpr std::size_t max_section_lines = 500;

/// The maximum of m-lines of a description.
inline constexpr std::size_t max_mlines = 64;

/// The session part of an SDP, or an m-line with its lines (RFC 8866 §5). The views refer to the SDP's text and are not
/// validated. An absent attribute is an empty view; of a repeated attribute the first counts.
struct SdpSection {
  /// The attributes of one payload type.
  struct Codec {
    std::string_view name;        ///< from a=rtpmap: "opus/48000/2"
    bool is_stereo = false;       ///< a=fmtp stereo=1
    bool sends_stereo = false;    ///< a=fmtp sprop-stereo=1
    bool has_nack = false;        ///< a=rtcp-fb nack (RFC 4585 §6.2.1), without a parameter
    std::optional<unsigned> apt;  ///< a=fmtp apt= (RFC 4588 §8.6)
  };
  std::string_view media, protocol, first_format;  ///< of the m-line
  unsigned port = 0;
  std::vector<unsigned> payload_types;             ///< in the order of the m-line, without duplicates
  std::array<Codec, 128> codecs;                   ///< by payload type
  std::optional<unsigned> ambiguous_payload_type;  ///< has two different a=rtpmap
  std::string_view mid, direction, setup, ice_ufrag, ice_pwd, fingerprint, ssrc, bundle;
  std::vector<std::string_view> candidates;  ///< without "candidate:"
  bool is_ice_lite = false, has_rtcp_mux = false, is_bundle_only = false;

  /// Whether an a=rtcp-fb nack covers the payload type.
  bool has_nack(unsigned payload_type) const { return all_have_nack || codecs[payload_type].has_nack; }
  bool all_have_nack = false;
};

struct SdpSections {
  SdpSection session;
  std::vector<SdpSection> medias;
};

/// Parses an SDP in one pass: time and memory are linear in the length of the text. Ignores unknown lines and
/// attributes. Fails with ErrorCode::bad_message on too many lines or m-lines. The result refers to `sdp`. Pure.
Result<SdpSections> read_sections(std::string_view sdp);

}  // namespace voicecast
