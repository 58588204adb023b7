// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace voicecast {

/// The most lines of an m-line, and of the session. A browser's m-line for video has under 200.
inline constexpr std::size_t max_section_lines = 500;

/// The most m-lines of a description.
inline constexpr std::size_t max_mlines = 64;

/// The session's part of an SDP, or an m-line with the lines behind it (RFC 8866 §5). The views are parts of the SDP's
/// text, unchecked; an attribute that is absent or empty is an empty view, and of one that is there twice the first
/// counts.
struct SdpSection {
  /// What is said of one payload type.
  struct Codec {
    std::string_view name;        ///< of a=rtpmap: "opus/48000/2"
    bool is_stereo = false;       ///< a=fmtp stereo=1
    bool sends_stereo = false;    ///< a=fmtp sprop-stereo=1
    bool has_nack = false;        ///< a=rtcp-fb nack (RFC 4585 §6.2.1), without a parameter
    std::optional<unsigned> apt;  ///< a=fmtp apt= (RFC 4588 §8.6)
  };
  std::string_view media, protocol, first_format;  ///< of the m-line
  unsigned port = 0;
  std::vector<unsigned> payload_types;             ///< those that the m-line lists, each once, in its order
  std::array<Codec, 128> codecs;                   ///< by payload type
  std::optional<unsigned> ambiguous_payload_type;  ///< has two rtpmaps that differ
  std::string_view mid, direction, setup, ice_ufrag, ice_pwd, fingerprint, ssrc, bundle;
  std::vector<std::string_view> candidates;  ///< without "candidate:"
  bool is_ice_lite = false, has_rtcp_mux = false, is_bundle_only = false;

  /// Whether it names the payload type, or all, in an a=rtcp-fb nack.
  bool has_nack(unsigned payload_type) const { return all_have_nack || codecs[payload_type].has_nack; }
  bool all_have_nack = false;
};

struct SdpSections {
  SdpSection session;
  std::vector<SdpSection> medias;
};

/// Reads an SDP in one pass: its time and memory grow with the text's length alone. Lines and attributes that are not
/// used are passed over. Fails with ErrorCode::bad_message where there are too many lines or m-lines. Pure.
Result<SdpSections> read_sections(std::string_view sdp);

}  // namespace voicecast
