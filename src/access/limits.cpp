#include "access/limits.hpp"

#include <glib.h>

#include <algorithm>
#include <charconv>
#include <optional>

namespace voicecast {
namespace {

/// A million of anything is more than the machine has, and products of limits stay far from overflowing.
constexpr unsigned highest = 1'000'000;

std::optional<unsigned> parse_number(std::string_view text, unsigned lowest) {
  unsigned number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool is_whole = error == std::errc() && end == text.data() + text.size();
  return is_whole && number >= lowest && number <= highest ? std::optional(number) : std::nullopt;
}

Error not_a_number(const std::string& value, unsigned lowest) {
  return {ErrorCode::failed, '"' + value + "\" is not a number from " + std::to_string(lowest) + " to 1000000"};
}

template <unsigned Limits::*member, unsigned lowest>
Status set_number(Limits& limits, const std::string& value) {
  const auto number = parse_number(value, lowest);
  if (!number) return not_a_number(value, lowest);
  limits.*member = *number;
  return success();
}

template <std::chrono::seconds Limits::*member>
Status set_seconds(Limits& limits, const std::string& value) {
  const auto number = parse_number(value, 1);
  if (!number) return not_a_number(value, 1);
  limits.*member = std::chrono::seconds(*number);
  return success();
}

Status set_trusted_proxies(Limits& limits, const std::string& value) {
  limits.trusted_proxies.clear();
  for (std::string_view rest = value; !rest.empty();) {
    std::string entry(rest.substr(0, rest.find(';')));
    rest.remove_prefix(std::min(rest.size(), entry.size() + 1));
    entry = g_strstrip(entry.data());
    if (entry.empty()) continue;
    auto range = parse_address_range(entry);
    if (!range)
      return Error{ErrorCode::failed, '"' + entry + "\" is not an address or a range, such as 127.0.0.1 or fd00::/8"};
    limits.trusted_proxies.push_back(std::move(*range));
  }
  return success();
}

constexpr LimitKey keys[] = {
    {"connections", set_number<&Limits::connections, 1>},
    {"clients", set_number<&Limits::clients, 1>},
    {"streams", set_number<&Limits::streams, 1>},
    {"receivers-per-stream", set_number<&Limits::receivers_per_stream, 1>},
    {"mp3-listeners", set_number<&Limits::mp3_listeners, 1>},
    {"descriptors", set_number<&Limits::descriptors, 256>},
    {"request-seconds", set_seconds<&Limits::request_time>},
    {"idle-seconds", set_seconds<&Limits::idle_time>},
    {"ping-seconds", set_seconds<&Limits::ping_interval>},
    {"packets-per-second", set_number<&Limits::packets_per_second, 50>},
    {"connections-per-address", set_number<&Limits::connections_per_address, 0>},
    {"websockets-per-address", set_number<&Limits::websockets_per_address, 0>},
    {"requests-per-minute", set_number<&Limits::requests_per_minute, 0>},
    {"stream-interval-seconds", set_number<&Limits::stream_interval_s, 0>},
    {"trusted-proxies", set_trusted_proxies},
};

}  // namespace

std::span<const LimitKey> all_limit_keys() { return keys; }

}  // namespace voicecast
