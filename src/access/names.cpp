// SPDX-License-Identifier: MIT
#include "access/names.hpp"

#include <glib.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <climits>
#include <fstream>
#include <sstream>

#include "access/local_addresses.hpp"
#include "base/address.hpp"
#include "base/text.hpp"

namespace voicecast {
namespace {

/// Bounds the certificate, which every TLS handshake carries, on a machine with hundreds of container networks. The
/// kernel lists real interfaces first.
constexpr std::size_t max_addresses = 64;

void add_once(std::vector<std::string>& list, const std::string& item) {
  if (std::find(list.begin(), list.end(), item) == list.end()) list.push_back(item);
}

/// RFC 1123 §2.1, and underscores, which Linux accepts.
bool is_dns_name(std::string_view name) {
  std::size_t label = 0;
  for (const char c : name) {
    if (c == '.' ? label == 0 : !g_ascii_isalnum(c) && c != '-' && c != '_') return false;
    label = c == '.' ? 0 : label + 1;
    if (label > 63) return false;
  }
  return label > 0 && name.size() <= 253;
}

std::string host_name() {
  std::array<char, HOST_NAME_MAX + 1> name{};
  if (gethostname(name.data(), name.size() - 1) != 0) return {};
  return name.data();
}

/// As it stands in a URL.
std::string in_url(const std::string& address) {
  return address.find(':') == std::string::npos ? address : "[" + address + "]";
}

}  // namespace

Names make_names(std::string_view host_name, const std::vector<std::string>& addresses) {
  auto host = lower(host_name);
  if (host.ends_with('.')) host.pop_back();
  Names names{.host = host.empty() ? "localhost" : host, .dns = {"localhost"}, .addresses = {"127.0.0.1", "::1"}};
  const auto label = host.substr(0, host.find('.'));
  if (is_dns_name(host) && label != "localhost" && !parse_address(host)) {
    add_once(names.dns, host);
    add_once(names.dns, label);
    add_once(names.dns, label + ".local");
  }
  for (const auto& address : addresses)
    if (const auto bytes = parse_address(address); bytes && names.addresses.size() < max_addresses)
      add_once(names.addresses, address_text(*bytes));
  return names;
}

std::vector<std::string> temporary_addresses(std::string_view if_inet6) {
  constexpr unsigned temporary = 0x01;  // IFA_F_TEMPORARY of linux/if_addr.h
  std::istringstream in{std::string(if_inet6)};
  std::vector<std::string> addresses;
  std::string digits, device;
  unsigned index = 0, prefix = 0, scope = 0, flags = 0;
  while (in >> digits >> std::hex >> index >> prefix >> scope >> flags >> device) {
    std::string text;
    for (std::size_t i = 0; i < digits.size(); ++i) text += (i > 0 && i % 4 == 0 ? ":" : "") + digits.substr(i, 1);
    const auto bytes = parse_address(text);
    if (bytes && flags & temporary) addresses.push_back(address_text(*bytes));
  }
  return addresses;
}

std::vector<std::string> search_domains(std::string_view resolv_conf) {
  std::vector<std::string> domains;
  std::istringstream lines{std::string(resolv_conf)};
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::string word;
    if (!(words >> word) || (word != "search" && word != "domain")) continue;
    domains.clear();
    while (words >> word) {
      auto domain = lower(word);
      if (domain.ends_with('.')) domain.pop_back();
      if (is_dns_name(domain) && domain.find('.') != std::string::npos) add_once(domains, domain);
    }
  }
  return domains;
}

LocalNames current_local_names() {
  std::ostringstream text;
  text << std::ifstream("/etc/resolv.conf").rdbuf();
  return {make_names(host_name(), {}).dns, search_domains(text.str())};
}

Names current_names() {
  std::ostringstream table;
  // Not /proc/net: ProcSubset=pid, an option of services, hides the target of that link.
  table << std::ifstream("/proc/self/net/if_inet6").rdbuf();
  const auto temporary = temporary_addresses(table.str());
  auto addresses = local_addresses();
  std::erase_if(addresses, [&](const std::string& address) {
    return std::find(temporary.begin(), temporary.end(), address) != temporary.end();
  });
  return make_names(host_name(), addresses);
}

bool is_loopback(const std::string& address) { return address.starts_with("127.") || address == "::1"; }

std::string reachable_host(const Names& names, const std::vector<std::string>& chosen) {
  for (const auto& address : chosen)
    if (!is_loopback(address)) return in_url(address);
  std::string v6;
  for (const auto& address : names.addresses) {
    if (is_loopback(address)) continue;
    if (address.find(':') == std::string::npos) return address;
    if (v6.empty()) v6 = in_url(address);
  }
  return v6.empty() ? names.host : v6;
}

}  // namespace voicecast
