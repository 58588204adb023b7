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

/// What container engines and hypervisors call the ends of their own networks, which lead to no listener.
constexpr std::array<std::string_view, 10> inner_networks{"docker", "br-",     "veth", "virbr", "vnet",
                                                          "podman", "flannel", "cni",  "cali",  "lxc"};

/// More cost each sender and listener time and ports: every pair of addresses is tried.
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

/// --ice-address with values that are this machine's or not.
Findings check_named(const AddressFacts& facts) {
  Findings findings;
  if (const auto missing = not_here(facts); !missing.empty()) {
    const auto words = "this machine has no " + list_of(missing);
    const auto& others = facts.unasked.empty() ? own_addresses(facts) : facts.unasked;
    const auto advice = "Name in --ice-address what it has: " + shown(facts, others) + '.';
    const bool are_all_wrong = missing.size() == facts.ice.addresses.size();
    findings.push_back(are_all_wrong ? problem(subject, words, advice) : warning(subject, words, advice));
    if (are_all_wrong) return findings;
  }
  const auto candidates = candidate_addresses(facts);
  const bool is_for_here_only = std::ranges::all_of(candidates, is_loopback);
  findings.push_back(ok(subject, "WebRTC names " + shown(facts, candidates) +
                                     (is_for_here_only ? ": for clients on this machine only" : "")));
  return findings;
}

Finding check_unasked(const AddressFacts& facts) {
  const auto& candidates = facts.unasked;
  if (candidates.empty())
    return problem(subject, "none that WebRTC could name: there is only " + shown(facts, own_addresses(facts)),
                   "Connect this machine to a network. To try it on this machine alone: --ice-address 127.0.0.1.");
  std::vector<std::string> outer;
  std::ranges::copy_if(candidates, std::back_inserter(outer),
                       [&](const auto& address) { return !is_of_inner_network(facts, address); });
  const auto words = "WebRTC names " + shown(facts, candidates);
  if (outer.size() < candidates.size())
    return warning(
        subject, words,
        "Containers' and virtual machines' networks lead to no listener, and are tried all the same" +
            (outer.empty() ? std::string(". Is a real network connected?") : ": --ice-address " + outer.front() + '.'));
  if (candidates.size() > many_addresses)
    return warning(subject, words,
                   "So many slow the way to a connection down: name those that lead to listeners in "
                   "--ice-address.");
  return ok(subject, words);
}

/// --nat-1to1
Finding check_nat(const AddressFacts& facts) {
  const char* nat = "NAT";
  const auto& address = facts.ice.public_address;
  const auto bytes = parse_address(canonical(address));
  if (!interface_of(facts, canonical(address)).empty())
    return warning(nat, address + " is this machine's own address", "Then --nat-1to1 is of no use: leave it out.");
  if (bytes && is_lan_address(*bytes))
    return warning(nat, address + " is not a public address",
                   "Nobody on the Internet can reach it. --nat-1to1 takes what the router has on its outside.");
  const bool is_v6 = bytes && bytes->size() > 4;
  if (std::ranges::none_of(candidate_addresses(facts),
                           [is_v6](const auto& one) { return (one.find(':') != one.npos) == is_v6; }))
    return warning(nat, address + " stands for no address of this machine, which has none of its kind (IPv4, IPv6)",
                   "Then it is named to nobody.");
  if (facts.shared_port)
    return ok(nat,
              address + ", with port " + std::to_string(*facts.shared_port) + " (UDP and TCP) passed on by the router");
  if (!facts.ice.ports)
    return warning(nat, address + ", but any UDP port may be used",
                   "A router passes on the ports that it was told: --ice-port-range, and the same range there.");
  return ok(nat, address + ", with the UDP ports " + std::to_string(facts.ice.ports->min) + '-' +
                     std::to_string(facts.ice.ports->max) + " passed on by the router");
}

}  // namespace

std::vector<std::string> candidate_addresses(const AddressFacts& facts) {
  if (facts.ice.addresses.empty()) return facts.unasked;
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
