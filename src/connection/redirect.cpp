// SPDX-License-Identifier: MIT
#include "connection/redirect.hpp"

#include <glib.h>

#include <algorithm>
#include <string_view>

namespace voicecast {
namespace {

bool is_host(std::string_view host) {
  constexpr std::string_view marks = ".-_:[]";
  return !host.empty() &&
         std::ranges::all_of(host, [&](char c) { return g_ascii_isalnum(c) || marks.find(c) != marks.npos; });
}

}  // namespace

ErrorResponse redirect_to_https(const RequestHead& head) {
  const bool has_path = head.target.starts_with('/');
  if (!is_host(head.host) || !has_path)
    return {400, "Bad request: this port speaks HTTPS; use https:// in the address", RefusalReason::tls};
  auto location = "https://" + head.host + head.target;
  return {308, "Permanent redirect: this port speaks HTTPS, see " + location, RefusalReason::tls, std::move(location)};
}

}  // namespace voicecast
