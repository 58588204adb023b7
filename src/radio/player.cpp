// SPDX-License-Identifier: MIT
#include "radio/player.hpp"

#include "base/text.hpp"

namespace voicecast {
namespace {

constexpr std::size_t browser_bytes = 34 * 1024;
constexpr std::size_t browser_bytes_at_high_bitrates = 66 * 1024;
constexpr unsigned high_bitrate_kbps = 192;
/// A fifth of a second at 128 kb/s: enough for a decoder to start.
constexpr std::size_t player_bytes = 3300;

bool contains(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

}  // namespace

std::size_t usual_burst_bytes(std::string_view user_agent, bool speaks_icy, unsigned bitrate_kbps) {
  if (contains(user_agent, "CrKey")) return max_burst_bytes;
  if (speaks_icy || !user_agent.starts_with("Mozilla/")) return player_bytes;
  return bitrate_kbps > high_bitrate_kbps ? browser_bytes_at_high_bitrates : browser_bytes;
}

std::optional<std::size_t> parse_burst(std::string_view text) {
  const auto bytes = parse_number<std::size_t>(text);
  return bytes && *bytes <= max_burst_bytes ? bytes : std::nullopt;
}

}  // namespace voicecast
