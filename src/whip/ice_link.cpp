// SPDX-License-Identifier: MIT
#include "whip/ice_link.hpp"

namespace voicecast {
namespace {

std::string in_quotes(const std::string& text) {  // RFC 9110 §5.6.4
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + '"';
}

}  // namespace

std::string ice_link(const IceServer& server) {
  auto link = '<' + uri_of(server) + ">; rel=\"ice-server\"";
  if (!server.username.empty())
    link += "; username=" + in_quotes(server.username) + "; credential=" + in_quotes(server.credential) +
            "; credential-type=\"password\"";
  return link;
}

}  // namespace voicecast
