// SPDX-License-Identifier: MIT
#include "http/accept.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "base/text.hpp"
#include "connection/field_text.hpp"

namespace voicecast {
namespace {

constexpr int full_weight = 1000;  // in thousandths, the resolution of RFC 9110 §12.4.2

using Parameter = std::pair<std::string, std::string>;

/// A media type or, in an Accept header, a media range. In lower case.
struct MediaRange {
  std::string type;
  std::string subtype;
  std::vector<Parameter> parameters;
  int weight = full_weight;
};

/// Takes the text before the next separator outside of quotes, and the separator.
std::string_view take_until(char separator, std::string_view& rest) {
  bool quoted = false;
  std::size_t end = 0;
  for (; end < rest.size() && (quoted || rest[end] != separator); ++end) {
    if (quoted && rest[end] == '\\')
      ++end;
    else if (rest[end] == '"')
      quoted = !quoted;
  }
  const auto part = without_field_space(rest.substr(0, end));
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return part;
}

std::string unquote(std::string_view text) {
  if (text.size() < 2 || text.front() != '"' || text.back() != '"') return std::string(text);
  std::string result;
  for (std::size_t i = 1; i + 1 < text.size(); ++i) {
    if (text[i] == '\\' && i + 2 < text.size()) ++i;
    result += text[i];
  }
  return result;
}

/// Parses "0.8" as 800. Ignores digits after the third and clamps to 1; nothing for an invalid weight.
std::optional<int> parse_weight(std::string_view text) {
  int weight = 0;
  int unit = full_weight;
  bool has_digits = false;
  bool in_fraction = false;
  for (const char c : text) {
    if (c == '.' && !in_fraction) {
      in_fraction = true;
    } else if (c >= '0' && c <= '9') {
      has_digits = true;
      if (in_fraction) unit /= 10;
      // Clamp at each digit: a long number must not overflow.
      weight = std::min(full_weight, in_fraction ? weight + (c - '0') * unit : weight * 10 + (c - '0') * unit);
    } else {
      return {};
    }
  }
  if (!has_digits) return {};
  return weight;
}

/// Any parameter named q is the weight, in any position (RFC 9110 §12.5.1). False for an invalid weight.
bool add_parameter(MediaRange& range, std::string_view text) {
  const auto name = lower(without_field_space(take_until('=', text)));
  const auto value = lower(unquote(without_field_space(text)));
  if (name == "q") {
    const auto weight = parse_weight(value);
    range.weight = weight.value_or(0);
    return weight.has_value();
  }
  if (is_token(name) && !value.empty()) range.parameters.emplace_back(name, value);
  return true;
}

std::optional<MediaRange> parse_range(std::string_view text) {
  std::string essence = lower(take_until(';', text));
  if (essence == "*") essence = "*/*";  // Java's HttpURLConnection sends it
  const auto slash = essence.find('/');
  if (slash == std::string::npos) return {};
  MediaRange range{essence.substr(0, slash), essence.substr(slash + 1), {}, full_weight};
  if (!is_token(range.type) || !is_token(range.subtype)) return {};
  if (range.type == "*" && range.subtype != "*") return {};
  while (!text.empty())
    if (!add_parameter(range, take_until(';', text))) return {};
  return range;
}

std::vector<MediaRange> parse_accept(std::string_view accept) {
  std::vector<MediaRange> ranges;
  while (!accept.empty())
    if (auto range = parse_range(take_until(',', accept))) ranges.push_back(std::move(*range));
  return ranges;
}

bool matches(const MediaRange& range, const MediaRange& type) {
  const auto has = [&](const Parameter& wanted) {
    return std::find(type.parameters.begin(), type.parameters.end(), wanted) != type.parameters.end();
  };
  return (range.type == "*" || range.type == type.type) && (range.subtype == "*" || range.subtype == type.subtype) &&
         std::all_of(range.parameters.begin(), range.parameters.end(), has);
}

/// Orders ranges by specificity, then by weight.
auto precedence(const MediaRange& range) {
  return std::tuple(range.type != "*", range.subtype != "*", range.parameters.size(), range.weight);
}

bool is_html(const MediaRange& range) {
  return (range.type == "text" && (range.subtype == "html" || range.subtype == "*")) ||
         (range.type == "application" && range.subtype == "xhtml+xml");
}

bool is_anything(const MediaRange& range) { return range.type == "*"; }

bool names_html_or_nothing(std::string_view accept) {
  auto ranges = parse_accept(accept);
  std::erase_if(ranges, [](const MediaRange& range) { return range.weight == 0; });
  return std::ranges::any_of(ranges, is_html) || (!ranges.empty() && std::ranges::all_of(ranges, is_anything));
}

}  // namespace

double quality_of(std::string_view accept, std::string_view media_type) {
  if (without_field_space(accept).empty()) return 1;
  const auto type = parse_range(media_type);
  if (!type) return 0;
  std::optional<MediaRange> best;
  for (auto& range : parse_accept(accept))
    if (matches(range, *type) && (!best || precedence(range) > precedence(*best))) best = std::move(range);
  return best ? best->weight / static_cast<double>(full_weight) : 0;
}

bool shows_html(const RequestHints& hints) {
  return !hints.has_icy_metadata && !hints.has_range && names_html_or_nothing(hints.accept);
}

}  // namespace voicecast
