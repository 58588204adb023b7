// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace voicecast {

/// What this machine is called: what a browser may have typed to come here.
struct Names {
  std::string host;                    ///< As the machine calls itself, for people; "localhost" if it has no name.
  std::vector<std::string> dns;        ///< In lower case, "localhost" first.
  std::vector<std::string> addresses;  ///< IPv4 and IPv6, canonical, "127.0.0.1" and "::1" first, then in useful order.
  bool operator==(const Names&) const = default;
};

/// How the local network calls its machines, beside the names that no other network can have.
struct LocalNames {
  std::vector<std::string> own;      ///< of this machine, as Names::dns
  std::vector<std::string> domains;  ///< its search domains: what has a name below them is looked up there
};

/// The names that follow from a host name ("pi" or "pi.example.com": itself, "pi", "pi.local" by mDNS) and the
/// addresses of the interfaces. A host name that DNS cannot carry gives none. Doubles and what is no address are
/// dropped. Pure.
Names make_names(std::string_view host_name, const std::vector<std::string>& addresses);

/// Which IPv6 addresses are temporary (RFC 8981), by the text of /proc/net/if_inet6. Pure.
std::vector<std::string> temporary_addresses(std::string_view if_inet6);

/// This machine's, now. Left out are link-local IPv6 addresses, for a URL cannot carry their zone, and temporary ones:
/// they are for calling out, and change every day. Any thread; asks the kernel only, not DNS.
Names current_names();

/// The search domains in a resolv.conf (resolv.conf(5): the last "search" or "domain" line counts), in lower case.
/// Those of a single label are left out: a whole top-level domain is nobody's own. Pure.
std::vector<std::string> search_domains(std::string_view resolv_conf);

/// Those of now. Main thread: reads the host name and /etc/resolv.conf, and asks nobody.
LocalNames current_local_names();

/// Whether an address in canonical text leads to this machine alone. Pure.
bool is_loopback(const std::string& address);

/// By what another device on the network can most likely reach this machine: its first address that is not loopback, of
/// those that the operator chose or else of all, where IPv4 comes first, for a name may be known to nobody; without
/// any, its name. IPv6 comes in brackets. Pure.
std::string reachable_host(const Names& names, const std::vector<std::string>& chosen = {});

}  // namespace voicecast
