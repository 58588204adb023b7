// SPDX-License-Identifier: MIT
#include "doctor/address_check.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "access/names.hpp"
#include "base/address.hpp"

namespace voicecast {
namespace {

constexpr const char* subject = "addresses";

/// Interface names of container engines' and hypervisors' internal networks.
constexpr std::array<std::string_view, 10> inner_networks{"docker", "br-",     "veth", "virbr", "vnet",
                                                          "podman", "flannel", "cni",  "cali",  "lxc"};

/// ICE checks every pair of addresses: more cost each peer time and ports.
constexpr std::size_t many_addresses = 8;

/// As all addresses are written here: "FD00:0::1" is "fd00::1".
std::string canonical(const std::string& address) {
  const auto bytes = parse_address(address);
  return bytes ? address_text(*bytes) : address;
}

std::string interface_of(const AddressFacts& facts, const std::string& address) {
  const auto found = std::ranges::find(facts.all, address, &LocalAddress::address);
  return found == facts.all.end() ? "" : found->interface;
}

bool is_of_inner_network(const AddressFacts& facts, const std::string& address) {
  const auto interface = interface_of(facts, address);
  return std::ranges::any_of(inner_networks, [&](auto prefix) { return interface.starts_with(prefix); });
}

/// "192.168.1.10 (eth0)"
std::string shown(const AddressFacts& facts, const std::vector<std::string>& addresses) {
  std::vector<std::string> words;
  for (const auto& address : addresses) words.push_back(address + " (" + interface_of(facts, address) + ')');
  return list_of(words);
}

std::vector<std::string> own_addresses(const AddressFacts& facts) {
  std::vector<std::string> addresses;
  for (const auto& one : facts.all) addresses.push_back(one.address);
  return addresses;
}

std::vector<std::string> not_here(const AddressFacts& facts) {
  std::vector<std::string> missing;
  for (const auto& address : facts.ice.addresses)
    if (interface_of(facts, canonical(address)).empty()) missing.push_back(address);
  return missing;
}

/// Checks --ice-address: whether this machine has its values.
Findings check_named(const AddressFacts& facts) {
  Findings findings;
  if (const auto missing = not_here(facts); !missing.empty()) {
    const auto words = "this machine has no " + list_of(missing);
    const auto& others = facts.default_candidates.empty() ? own_addresses(facts) : facts.default_candidates;
    const auto advice = "Set --ice-address to one of its addresses: " + shown(facts, others) + '.';
    const bool are_all_wrong = missing.size() == facts.ice.addresses.size();
    findings.push_back(are_all_wrong ? problem(subject, words, advice) : warning(subject, words, advice));
    if (are_all_wrong) return findings;
  }
  const auto candidates = candidate_addresses(facts);
  const bool is_for_here_only = std::ranges::all_of(candidates, is_loopback);
  findings.push_back(ok(subject, "WebRTC uses " + shown(facts, candidates) +
                                     (is_for_here_only ? ": for clients on this machine only" : "")));
  return findings;
}

Finding check_unasked(const AddressFacts& facts) {
  const auto& candidates = facts.default_candidates;
  if (candidates.empty())
    return problem(subject, "none for WebRTC; this machine has only " + shown(facts, own_addresses(facts)),
                   "Connect this machine to a network. For clients on this machine only: --ice-address 127.0.0.1.");
  std::vector<std::string> outer;
  std::ranges::copy_if(candidates, std::back_inserter(outer),
                       [&](const auto& address) { return !is_of_inner_network(facts, address); });
  const auto words = "WebRTC uses " + shown(facts, candidates);
  if (outer.size() < candidates.size())
    return warning(
        subject, words,
        "Listeners cannot reach the networks of containers and virtual machines, but their clients try them. " +
            (outer.empty() ? std::string("Connect a network.") : "Exclude them: --ice-address " + outer.front() + '.'));
  if (candidates.size() > many_addresses)
    return warning(subject, words,
                   "Many addresses delay connections: set --ice-address to those that listeners can reach.");
  return ok(subject, words);
}

/// --nat-1to1
Finding check_nat(const AddressFacts& facts) {
  const char* nat = "NAT";
  const auto& address = facts.ice.public_address;
  const auto bytes = parse_address(canonical(address));
  if (!interface_of(facts, canonical(address)).empty())
    return warning(nat, address + " is this machine's own address", "Remove --nat-1to1: it has no effect.");
  if (bytes && is_lan_address(*bytes))
    return warning(nat, address + " is not a public address",
                   "The Internet cannot reach it. Set --nat-1to1 to the router's public address.");
  const bool is_v6 = bytes && bytes->size() > 4;
  if (std::ranges::none_of(candidate_addresses(facts),
                           [is_v6](const auto& one) { return (one.find(':') != one.npos) == is_v6; }))
    return warning(nat, address + " has no effect: this machine has no address of its family (IPv4, IPv6)",
                   "Remove --nat-1to1, or give this machine such an address.");
  if (facts.shared_port)
    return ok(nat,
              address + ", with port " + std::to_string(*facts.shared_port) + " (UDP and TCP) forwarded by the router");
  if (!facts.ice.ports)
    return warning(nat, address + ", but any UDP port may be used",
                   "Set --ice-port-range, and forward the same range on the router.");
  return ok(nat, address + ", with the UDP ports " + std::to_string(facts.ice.ports->min) + '-' +
                     std::to_string(facts.ice.ports->max) + " forwarded by the router");
}

}  // namespace

std::vector<std::string> candidate_addresses(const AddressFacts& facts) {
  if (facts.ice.addresses.empty()) return facts.default_candidates;
  std::vector<std::string> candidates;
  for (const auto& address : facts.ice.addresses)
    if (!interface_of(facts, canonical(address)).empty()) candidates.push_back(canonical(address));
  return candidates;
}

Findings check_addresses(const AddressFacts& facts) {
  auto findings = facts.ice.addresses.empty() ? Findings{check_unasked(facts)} : check_named(facts);
  const bool can_be_mapped = !candidate_addresses(facts).empty();
  if (!facts.ice.public_address.empty() && can_be_mapped) findings.push_back(check_nat(facts));
  return findings;
}

}  // namespace voicecast
