// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace voicecast {

/// The names and addresses of this machine that a browser may have in its address bar.
struct Names {
  std::string host;                    ///< The host name, for people; "localhost" without one.
  std::vector<std::string> dns;        ///< In lower case, "localhost" first.
  std::vector<std::string> addresses;  ///< IPv4 and IPv6, canonical, "127.0.0.1" and "::1" first, then in useful order.
  bool operator==(const Names&) const = default;
};

/// The names of the local network, beside the names that are private by standard.
struct LocalNames {
  std::vector<std::string> own;      ///< of this machine, as Names::dns
  std::vector<std::string> domains;  ///< the search domains of the resolver
};

/// The names that follow from a host name ("pi" or "pi.example.com": itself, "pi", "pi.local" by mDNS) and from the
/// addresses of the interfaces. A host name that is not valid in DNS gives none. Drops duplicates and invalid
/// addresses. Pure.
Names make_names(std::string_view host_name, const std::vector<std::string>& addresses);

/// The temporary IPv6 addresses (RFC 8981) in the text of /proc/net/if_inet6. Pure.
std::vector<std::string> temporary_addresses(std::string_view if_inet6);

/// The current names of this machine. Excludes link-local IPv6 addresses, whose zone a URL cannot carry, and temporary
/// addresses, which are for outgoing connections and change every day. Reads from the kernel; does no DNS. Any thread.
Names current_names();

/// The search domains in a resolv.conf (resolv.conf(5): the last "search" or "domain" line counts), in lower case.
/// Excludes those of a single label: a top-level domain is not private. Pure.
std::vector<std::string> search_domains(std::string_view resolv_conf);

/// The current local names. Reads the host name and /etc/resolv.conf; does no DNS. Main thread.
LocalNames current_local_names();

/// Whether an address in canonical text leads to this machine alone. Pure.
bool is_loopback(const std::string& address);

/// By what another device on the network can most likely reach this machine: its first address that is not loopback, of
/// those that the operator chose or else of all, where IPv4 comes first, for a name may be known to nobody; without
/// any, its name. IPv6 comes in brackets. Pure.
std::string reachable_host(const Names& names, const std::vector<std::string>& chosen = {});

}  // namespace voicecast
