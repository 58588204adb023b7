// SPDX-License-Identifier: MIT
#include "doctor/port_check.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <iterator>

namespace voicecast {
namespace {

/// Enough for a household.
constexpr unsigned few_peers = 10;

bool is_known(const std::optional<PortOwner>& owner) { return owner && owner->pid != 0; }

/// " (process 4711)" if known.
std::string process_text(const std::optional<PortOwner>& owner) {
  return is_known(owner) ? " (process " + std::to_string(owner->pid) + ')' : "";
}

Finding check_taken(const TcpPort& port, const std::string& subject) {
  if (!port.running_version.empty())
    return ok(subject, "in use by a running voicecast " + port.running_version + process_text(port.owner));
  if (port.owner && is_systemd(*port.owner))
    return warning(
        subject, "in use by systemd's socket activation",
        "Correct if that is voicecast.socket (see \"systemctl list-sockets\"). Otherwise use another port: " +
            port.option + '.');
  if (is_known(port.owner))
    return problem(subject, "in use by " + port.owner->name + process_text(port.owner),
                   "Stop that program, or use another port: " + port.option + '.');
  return problem(subject, port.owner && port.owner->user_id == 0 ? "in use by a program of root" : "in use",
                 "\"sudo ss -ltnp\" shows the program. Use another port: " + port.option +
                     ". Correct if it is systemd, for voicecast.socket.");
}

Finding check_port(const TcpPort& port) {
  const auto subject = "port " + std::to_string(port.port);
  switch (port.error) {
    case 0:
      return port.port == 0 ? ok("port", "any free port (" + port.option + " 0)") : ok(subject, "free");
    case EADDRINUSE:
      return check_taken(port, subject);
    case EACCES:
      return problem(subject, "this user may not use ports below 1024",
                     "Use a higher port (" + port.option + "), or let systemd open it: voicecast.socket.");
    default:
      return problem(subject, "cannot be opened: " + std::string(std::strerror(port.error)),
                     "Check " + port.option + " and --bind.");
  }
}

Finding check_udp(const UdpPorts& udp, unsigned addresses) {
  const char* subject = "UDP ports";
  const auto size = udp.range.max - udp.range.min + 1U;
  const auto range = std::to_string(udp.range.min) + '-' + std::to_string(udp.range.max);
  const auto peers = udp.free / std::max(addresses, 1U);
  const auto words = range + ": " + std::to_string(udp.free) + " of " + std::to_string(size) +
                     " are free, for at least " + std::to_string(peers) + " more senders and listeners";
  if (udp.free == 0)
    return problem(subject, range + ": none can be opened: " + std::strerror(udp.error),
                   "Use other ports in --ice-port-range, or stop the programs that use these (see \"sudo ss -lunp\").");
  if (peers < few_peers)
    return warning(
        subject, words,
        "Each peer uses one port on each address of this machine: enlarge --ice-port-range, or use fewer addresses "
        "with --ice-address.");
  return ok(subject, words);
}

}  // namespace

Findings check_ports(const PortFacts& facts) {
  Findings findings;
  if (std::ranges::find(facts.tcp, EADDRNOTAVAIL, &TcpPort::error) != facts.tcp.end())
    findings.push_back(problem("ports", "this machine has no address " + facts.bind,
                               "Set --bind to one of its addresses, or leave it empty for every interface."));
  else
    std::ranges::transform(facts.tcp, std::back_inserter(findings), check_port);
  if (facts.udp) findings.push_back(check_udp(*facts.udp, facts.addresses));
  return findings;
}

}  // namespace voicecast
