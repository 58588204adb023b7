// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

namespace voicecast {

/// The quality value of `media_type` by the Accept header (RFC 9110 §12.5.1), from 0 (not acceptable) to 1.
///
/// The most specific matching range decides, regardless of its weight. A range with parameters matches only a
/// `media_type` with the same parameters, so include the version: "text/plain;version=0.0.4". A blank or missing header
/// accepts everything. Invalid elements are skipped; known deviations from the grammar are interpreted as intended: a
/// bare "*", "q=.2", weights with many digits or above 1. Pure.
double quality_of(std::string_view accept, std::string_view media_type);

/// The header fields of a request that tell a browser from a media player.
struct RequestHints {
  bool has_icy_metadata = false;  ///< there is an Icy-MetaData header, with any value
  bool has_range = false;         ///< there is a Range header
  std::string_view accept;        ///< the Accept header; empty without one
};

/// Whether the client displays HTML pages: its Accept names HTML (a browser), or is a bare "*/*" (curl). Any other
/// client is a media player: it supports ICY, requests a range, names other types, or sends no Accept, as loudspeakers,
/// phones and radios do. Pure.
bool shows_html(const RequestHints& hints);

}  // namespace voicecast
