// SPDX-License-Identifier: MIT
#include "config/limits_group.hpp"

#include "base/text.hpp"
#include "config/options.hpp"

namespace voicecast {
namespace {

/// Beyond any machine's capacity, and products of two limits do not overflow.
constexpr unsigned highest = 1'000'000;

Result<unsigned> parse_limit(const std::string& value, unsigned lowest) {
  const auto number = parse_number<unsigned>(value);
  if (number && *number >= lowest && *number <= highest) return *number;
  return wrong(value, "a number from " + std::to_string(lowest) + " to 1000000");
}

template <unsigned Limits::*member, unsigned lowest>
Status set_number(Config& config, const std::string& value) {
  const auto number = parse_limit(value, lowest);
  if (!number) return number.error();
  config.limits.*member = *number;
  return success();
}

template <PerAddress Limits::*member>
Status set_per_address(Config& config, const std::string& value) {
  const auto number = parse_limit(value, 0);
  if (!number) return number.error();
  (config.limits.*member).everywhere = *number;
  return success();
}

template <PerAddress Limits::*member>
Status set_local(Config& config, const std::string& value) {
  const auto number = parse_limit(value, 0);
  if (!number) return number.error();
  (config.limits.*member).local = *number;
  return success();
}

template <std::chrono::seconds Limits::*member>
Status set_seconds(Config& config, const std::string& value) {
  const auto number = parse_limit(value, 1);
  if (!number) return number.error();
  config.limits.*member = std::chrono::seconds(*number);
  return success();
}

Status add_trusted_proxy(Config& config, const std::string& value) {
  auto range = parse_address_range(value);
  if (!range) return wrong(value, "an address or a range, such as 127.0.0.1 or fd00::/8");
  config.limits.trusted_proxies.push_back(std::move(*range));
  return success();
}

constexpr GroupKey keys[] = {
    {"connections", set_number<&Limits::connections, 1>},
    {"clients", set_number<&Limits::clients, 1>},
    {"streams", set_number<&Limits::streams, 1>},
    {"receivers-per-stream", set_number<&Limits::receivers_per_stream, 1>},
    {"peers", set_number<&Limits::peers, 1>},
    {"mp3-listeners", set_number<&Limits::mp3_listeners, 1>},
    {"descriptors", set_number<&Limits::descriptors, 256>},
    {"request-seconds", set_seconds<&Limits::request_time>},
    {"idle-seconds", set_seconds<&Limits::idle_time>},
    {"ping-seconds", set_seconds<&Limits::ping_interval>},
    {"packets-per-second", set_number<&Limits::packets_per_second, 50>},
    {"messages-per-second", set_number<&Limits::messages_per_second, 10>},
    {"connections-per-address", set_per_address<&Limits::connections_per_address>},
    {"websockets-per-address", set_per_address<&Limits::websockets_per_address>},
    {"requests-per-minute", set_per_address<&Limits::requests_per_minute>},
    {"stream-interval-seconds", set_per_address<&Limits::stream_interval_s>},
    {"local-connections-per-address", set_local<&Limits::connections_per_address>},
    {"local-websockets-per-address", set_local<&Limits::websockets_per_address>},
    {"local-requests-per-minute", set_local<&Limits::requests_per_minute>},
    {"local-stream-interval-seconds", set_local<&Limits::stream_interval_s>},
    {"trusted-proxies", add_trusted_proxy, true},
};

}  // namespace

Group limits_group() { return {.name = "limits", .keys = keys}; }

}  // namespace voicecast
