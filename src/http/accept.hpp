// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

namespace voicecast {

/// How much a client wants `media_type`, from 0 (not at all) to 1, by its Accept header (RFC 9110 §12.5.1).
///
/// The most specific range that matches decides, whatever its weight. A range with parameters matches only a
/// `media_type` that has them too, so name the version: "text/plain;version=0.0.4". A blank header, as none at all,
/// accepts everything. Elements that cannot be read are skipped; what clients are known to send in spite of the grammar
/// is read as they mean it: "*" alone, "q=.2", weights of many digits or above 1.
double quality_of(std::string_view accept, std::string_view media_type);

/// What a request tells about the program behind it.
struct RequestHints {
  bool has_icy_metadata = false;  ///< there is an Icy-MetaData header, whatever its value
  bool has_range = false;         ///< there is a Range header
  std::string_view accept;        ///< the Accept header, empty when there is none
};

/// Whether the program behind a request shows an HTML page: its Accept names HTML (a browser), or is a bare "*/*"
/// (curl). Any other one is a media player, which cannot: it speaks ICY, wants a range, names other types, or sends no
/// Accept at all, as loudspeakers, phones and radios do.
bool shows_html(const RequestHints& hints);

}  // namespace voicecast
