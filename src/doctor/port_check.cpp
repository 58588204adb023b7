// SPDX-License-Identifier: MIT
#include "doctor/port_check.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <iterator>

namespace voicecast {
namespace {

/// With fewer a household is refused.
constexpr unsigned few_peers = 10;

bool is_known(const std::optional<PortOwner>& owner) { return owner && owner->pid != 0; }

/// " (process 4711)" where that is known.
std::string process_text(const std::optional<PortOwner>& owner) {
  return is_known(owner) ? " (process " + std::to_string(owner->pid) + ')' : "";
}

Finding check_taken(const TcpPort& port, const std::string& subject) {
  if (!port.running_version.empty())
    return ok(subject, "a running voicecast " + port.running_version + " has it" + process_text(port.owner));
  if (port.owner && is_systemd(*port.owner))
    return warning(subject, "systemd has it, and will start what it is for",
                   "All is well if that is voicecast.socket (\"systemctl list-sockets\" tells). Else choose another: " +
                       port.option + '.');
  if (is_known(port.owner))
    return problem(subject, "taken by " + port.owner->name + process_text(port.owner),
                   "End that program, or take another port: " + port.option + '.');
  return problem(subject, port.owner && port.owner->user_id == 0 ? "taken by a program of root" : "taken",
                 "\"sudo ss -ltnp\" tells by whom. Take another port: " + port.option +
                     ". If it is systemd's, for voicecast.socket, all is well.");
}

Finding check_port(const TcpPort& port) {
  const auto subject = "port " + std::to_string(port.port);
  switch (port.error) {
    case 0:
      return port.port == 0 ? ok("port", "any that is free (" + port.option + " 0)") : ok(subject, "free");
    case EADDRINUSE:
      return check_taken(port, subject);
    case EACCES:
      return problem(subject, "this user may not have a port below 1024",
                     "Take a higher one (" + port.option + "), or let systemd open it: voicecast.socket.");
    default:
      return problem(subject, "cannot be opened: " + std::string(std::strerror(port.error)),
                     "Look at " + port.option + " and --bind.");
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
                   "Name other ports in --ice-port-range, or end what has these (\"sudo ss -lunp\" tells).");
  if (peers < few_peers)
    return warning(subject, words,
                   "Each of them takes one on each of this machine's addresses: a larger --ice-port-range, or "
                   "--ice-address to use fewer addresses.");
  return ok(subject, words);
}

}  // namespace

Findings check_ports(const PortFacts& facts) {
  Findings findings;
  if (std::ranges::find(facts.tcp, EADDRNOTAVAIL, &TcpPort::error) != facts.tcp.end())
    findings.push_back(problem("ports", "this machine has no address " + facts.bind,
                               "Give --bind one that it has, or none, for every interface."));
  else
    std::ranges::transform(facts.tcp, std::back_inserter(findings), check_port);
  if (facts.udp) findings.push_back(check_udp(*facts.udp, facts.addresses));
  return findings;
}

}  // namespace voicecast
