// SPDX-License-Identifier: MIT
#include "doctor/ice_server_check.hpp"

namespace voicecast {
namespace {

Finding check(const IceServerFacts& server) {
  const auto subject = server.uri.starts_with("stun") ? "STUN" : "TURN";
  if (server.error.empty()) return ok(subject, server.uri + " answers");
  return warning(
      subject, server.uri + ": " + server.error,
      "Check its name, whether it runs, and firewalls in between. Without it clients on this network still connect, "
      "others may not.");
}

}  // namespace

Findings check_ice_servers(const IceServersFacts& facts) {
  Findings findings;
  for (const auto& server : facts.servers) findings.push_back(check(server));
  if (!facts.tunnel_error.empty())
    findings.push_back(problem("TURN", facts.tunnel_error, "Check --turn-server and --turn-ca."));
  return findings;
}

}  // namespace voicecast
