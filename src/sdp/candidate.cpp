// SPDX-License-Identifier: MIT
#include "sdp/candidate.hpp"

#include <algorithm>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <sstream>
#include <vector>

#include "base/address.hpp"
#include "base/text.hpp"

namespace voicecast {
namespace {

/// The longest accepted candidate in bytes: a browser's has under 250, and RFC 8839 defines nothing longer.
constexpr std::size_t max_candidate_bytes = 1024;

bool is_foundation(std::string_view text) {
  return !text.empty() && text.size() <= 32 && std::all_of(text.begin(), text.end(), [](unsigned char c) {
    return g_ascii_isalnum(c) || c == '+' || c == '/' || c == '-';  // not "-" in RFC 8839, but real clients send it
  });
}

/// A local candidate of type host.
struct HostCandidate {
  std::string_view foundation, transport, address, port, end;  ///< `end`: the text after "typ host"
  std::uint32_t priority = 0;
};

std::optional<HostCandidate> parse_host(std::string_view text) {
  constexpr std::string_view start = "candidate:", type = " typ host";
  const auto end = text.find(type);
  if (!text.starts_with(start) || end == text.npos) return std::nullopt;
  const auto word = split(text.substr(start.size(), end - start.size()), ' ');
  if (word.size() != 6) return std::nullopt;
  return HostCandidate{word[0],
                       word[2],
                       word[4],
                       word[5],
                       text.substr(end + type.size()),
                       parse_number<std::uint32_t>(word[3]).value_or(0)};
}

bool is_v6(std::string_view address) { return address.find(':') != address.npos; }

std::string text_of(const HostCandidate& host) {
  std::ostringstream out;
  out << "candidate:" << host.foundation << " 1 " << host.transport << ' ' << host.priority << ' ' << host.address
      << ' ' << host.port << " typ host" << host.end;
  return out.str();
}

/// A step of the local preference within a priority (RFC 8445 §5.1.2.1).
constexpr std::uint32_t local_preference = 1 << 8;

/// The candidate at the public address, with a foundation of its own because the base differs.
std::string mapped_text(HostCandidate host, std::string_view public_address) {
  const auto foundation = std::string(host.foundation) + 'n';
  host.foundation = foundation;
  host.address = public_address;
  return text_of(host);
}

}  // namespace

Result<std::string> check_candidate(std::string_view text) {
  if (text.starts_with("a=")) text.remove_prefix(2);
  const auto bad = [](const char* what) {
    return Error{ErrorCode::bad_message,
                 std::string("the ICE candidate ") + what +
                     " (expected \"candidate:FOUNDATION COMPONENT udp PRIORITY ADDRESS PORT typ TYPE\")"};
  };
  if (!text.starts_with("candidate:")) return bad("does not begin with \"candidate:\"");
  if (text.size() > max_candidate_bytes) return bad("is too long");
  const auto word = split(text.substr(std::string_view("candidate:").size()), ' ');
  if (word.size() < 8 || word[6] != "typ") return bad("is incomplete");
  const auto component = parse_number<unsigned>(word[1]);
  const auto priority = parse_number<std::uint32_t>(word[3]);
  const auto port = parse_number<std::uint16_t>(word[5]);
  if (!is_foundation(word[0])) return bad("has a bad foundation");
  if (!component) return bad("has a bad component");
  if (!priority) return bad("has a bad priority");
  if (!port) return bad("has a bad port");
  const bool known_type = word[7] == "host" || word[7] == "srflx" || word[7] == "prflx" || word[7] == "relay";
  const auto address = parse_address(word[4]);
  if (*component != 1 || lower(word[2]) != "udp" || *port == 0 || !known_type || !address) return std::string();
  std::string checked = "candidate:" + std::string(word[0]) + " 1 UDP " + std::to_string(*priority) + " " +
                        address_text(*address) + " " + std::to_string(*port) + " typ " + std::string(word[7]);
  // A reflexive candidate needs its related address (RFC 8839 §5.1); libnice reads it but does not use it.
  if (word[7] != "host") checked += " raddr 0.0.0.0 rport 0";
  return checked;
}

std::vector<std::string> with_public_address(const std::vector<std::string>& candidates,
                                             std::string_view public_address) {
  if (public_address.empty()) return candidates;
  std::vector<HostCandidate> mapped;
  std::map<std::string_view, std::uint32_t> highest;  // by transport
  for (const auto& text : candidates) {
    const auto host = parse_host(text);
    if (!host || is_v6(host->address) != is_v6(public_address)) continue;
    auto& best = highest[host->transport];
    best = std::max(best, host->priority);
    const auto is_same = [&](const HostCandidate& other) {
      return other.transport == host->transport && other.port == host->port;
    };
    if (std::ranges::none_of(mapped, is_same)) mapped.push_back(*host);
  }
  std::vector<std::string> all;
  for (auto one = mapped.rbegin(); one != mapped.rend(); ++one)
    one->priority = highest[one->transport] += local_preference;
  for (const auto& one : mapped) all.push_back(mapped_text(one, public_address));
  all.insert(all.end(), candidates.begin(), candidates.end());
  return all;
}

std::vector<std::string> ranked_as_listed(const std::vector<std::string>& candidates) {
  std::vector<std::uint32_t> priorities;
  for (const auto& text : candidates)
    if (const auto host = parse_host(text)) priorities.push_back(host->priority);
  std::ranges::sort(priorities, std::greater());
  auto next = priorities.begin();
  std::vector<std::string> ranked;
  for (const auto& text : candidates) {
    auto host = parse_host(text);
    if (host) host->priority = *next++;
    ranked.push_back(host ? text_of(*host) : text);
  }
  return ranked;
}

}  // namespace voicecast
