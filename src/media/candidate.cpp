#include "media/candidate.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <vector>

#include "access/address.hpp"
#include "glib/text.hpp"

namespace voicecast {
namespace {

/// The most that is read of one: a browser's is under 250, and RFC 8839 has names for nothing longer.
constexpr std::size_t max_candidate_bytes = 1024;

bool is_foundation(std::string_view text) {
  return !text.empty() && text.size() <= 32 && std::all_of(text.begin(), text.end(), [](unsigned char c) {
    return g_ascii_isalnum(c) || c == '+' || c == '/' || c == '-';  // "-" is not in the RFC, but in real candidates
  });
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

std::string mapped_candidate(std::string_view candidate, std::string_view public_address) {
  constexpr std::string_view start = "candidate:";
  if (public_address.empty() || !candidate.starts_with(start)) return {};
  const auto parts = split(candidate.substr(start.size()), ' ');
  std::vector<std::string> word(parts.begin(), parts.end());
  if (word.size() < 8 || word[7] != "host") return {};
  if ((word[4].find(':') == std::string::npos) != (public_address.find(':') == std::string_view::npos)) return {};
  constexpr std::uint32_t local_preference = 1 << 8;  // one less of it (RFC 8445 §5.1.2.1): our own address is nearer
  const auto priority = parse_number<std::uint32_t>(word[3]).value_or(0);
  word[0] += "n";  // another foundation: the address is another one
  word[3] = std::to_string(priority > local_preference ? priority - local_preference : priority);
  word[4] = public_address;
  std::string mapped(start);
  for (std::size_t i = 0; i < word.size(); ++i) mapped += (i ? " " : "") + word[i];
  return mapped;
}

}  // namespace voicecast
