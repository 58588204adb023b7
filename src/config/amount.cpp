// SPDX-License-Identifier: MIT
#include "config/amount.hpp"

#include <algorithm>
#include <span>

#include "base/text.hpp"

namespace voicecast {
namespace {

struct Unit {
  std::string_view name;
  std::uint64_t worth;
};
constexpr Unit sizes[] = {{"", 1}, {"K", 1024}, {"M", 1024 * 1024}, {"G", 1024 * 1024 * 1024}};
constexpr Unit durations[] = {{"s", 1}, {"min", 60}, {"h", 3600}, {"d", 86400}};

/// Below the file size limit of every common file system.
constexpr std::uint64_t max_bytes = std::uint64_t{1} << 51;
/// 100 years: system_clock with nanoseconds reaches 292 years from 1970.
constexpr std::uint64_t max_seconds = std::uint64_t{100} * 365 * 86400;

std::optional<std::uint64_t> parse_with_unit(std::string_view text, std::span<const Unit> units, std::uint64_t most) {
  const auto digits = text.substr(0, text.find_first_not_of("0123456789"));
  const auto amount = parse_number<std::uint64_t>(digits);
  const auto unit = std::ranges::find(units, text.substr(digits.size()), &Unit::name);
  if (!amount || *amount == 0 || unit == units.end() || *amount > most / unit->worth) return std::nullopt;
  return *amount * unit->worth;
}

}  // namespace

std::optional<std::uint64_t> parse_size(std::string_view text) { return parse_with_unit(text, sizes, max_bytes); }

std::optional<std::chrono::seconds> parse_duration(std::string_view text) {
  const auto seconds = parse_with_unit(text, durations, max_seconds);
  return seconds ? std::optional(std::chrono::seconds(*seconds)) : std::nullopt;
}

}  // namespace voicecast
