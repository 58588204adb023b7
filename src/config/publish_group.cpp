// SPDX-License-Identifier: MIT
#include "config/publish_group.hpp"

#include <algorithm>

#include "base/gio.hpp"
#include "base/text.hpp"
#include "config/amount.hpp"
#include "config/options.hpp"
#include "tls/secret_file.hpp"

namespace voicecast {
namespace {

Error fault(std::string_view words) { return {ErrorCode::failed, std::string(words)}; }

PublishConfig& current(Config& config) { return config.publish.back(); }

// The URL

bool is_empty(const char* text) { return !text || !*text; }

std::string with_placeholders_filled(std::string url) {
  for (const std::string_view mark : {"{id}", "{time}"})
    for (auto at = url.find(mark); at != std::string::npos; at = url.find(mark)) url.replace(at, mark.size(), "x");
  return url;
}

std::optional<PublishTo> scheme_of(std::string_view scheme) {
  if (scheme == "icecast") return PublishTo::icecast;
  if (scheme == "http" || scheme == "https") return PublishTo::http;
  if (scheme == "file") return PublishTo::file;
  return std::nullopt;
}

constexpr std::string_view forms_of_a_url =
    "invalid URL: use icecast://HOST:PORT/MOUNT, http://HOST/PATH, https://HOST/PATH or "
    "file:///DIRECTORY/FILE";

Status check_parts(GUri* uri, PublishTo to) {
  if (!is_empty(g_uri_get_userinfo(uri)))
    return fault("the URL must not contain a user or password: use the key credentials");
  if (g_uri_get_fragment(uri) || (to != PublishTo::http && g_uri_get_query(uri)) || g_uri_get_port(uri) == 0)
    return fault(forms_of_a_url);
  if (is_empty(g_uri_get_host(uri)) != (to == PublishTo::file)) return fault(forms_of_a_url);
  if (std::string_view(g_uri_get_path(uri)).size() < 2) return fault(forms_of_a_url);
  return success();
}

Result<PublishFormat> format_of(std::string_view path) {
  if (path.ends_with(".opus") || path.ends_with(".ogg")) return PublishFormat::opus;
  if (path.ends_with(".mp3")) return PublishFormat::mp3;
  return fault("the URL's path must end in .mp3 or .opus, which selects the format");
}

/// Does not check that the directory exists: it may be on a disk that is mounted later.
Status check_directory(const std::string& url) {
  const auto directory = file_of(url).parent_path().string();
  if (directory.find('{') != std::string::npos)
    return fault("{id} and {time} are for the file's name, not for the directory " + directory);
  return success();
}

/// Errors do not quote the URL: it may contain a password.
Status set_url(Config& config, const std::string& value) {
  const auto filled = with_placeholders_filled(value);
  if (filled.find_first_of("{}") != std::string::npos)
    return fault("the URL contains braces other than {id} and {time}");
  constexpr auto flags = static_cast<GUriFlags>(G_URI_FLAGS_HAS_PASSWORD | G_URI_FLAGS_ENCODED);
  const auto uri = GPtr<GUri>::adopt(g_uri_parse(filled.c_str(), flags, nullptr));
  const auto to = uri ? scheme_of(g_uri_get_scheme(uri.get())) : std::nullopt;
  if (!to || value.find("://") == std::string::npos) return fault(forms_of_a_url);
  if (auto checked = check_parts(uri.get(), *to); !checked) return checked;
  const auto format = format_of(g_uri_get_path(uri.get()));
  if (!format) return format.error();
  if (*to == PublishTo::http && *format != PublishFormat::mp3)
    return fault("http:// and https:// support MP3 only: the path must end in .mp3");
  if (*to == PublishTo::file)
    if (auto checked = check_directory(value); !checked) return checked;
  auto& publish = current(config);
  publish.to = *to;
  publish.format = *format;
  publish.url = value;
  return success();
}

// The other keys

bool is_id(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return g_ascii_isalnum(c) || c == '_' || c == '-'; });
}

Status set_stream(Config& config, const std::string& value) {
  if (!is_id(value)) return wrong(value, "latest, all or the id of a stream");
  current(config).stream = value;
  return success();
}

/// Reads the first line: USER:PASSWORD, or the password of Icecast's user "source".
Status set_credentials(Config& config, const std::string& value) {
  const auto text = read_secret(value, config.notices, config.open_secrets);
  if (!text) return text.error();
  const auto line = trimmed(std::string_view(*text).substr(0, text->find('\n')));
  const auto colon = line.find(':');
  auto& publish = current(config);
  publish.user = colon == line.npos ? "source" : line.substr(0, colon);
  publish.password = colon == line.npos ? line : line.substr(colon + 1);
  if (publish.user.empty() || publish.password.empty())
    return fault(value + ": the first line must be USER:PASSWORD or a password");
  return success();
}

template <std::uint64_t PublishConfig::*member>
Status set_size(Config& config, const std::string& value) {
  const auto size = parse_size(value);
  if (!size) return wrong(value, "a size such as 500M or 2G (K, M and G are powers of 1024)");
  current(config).*member = *size;
  return success();
}

template <std::chrono::seconds PublishConfig::*member>
Status set_duration(Config& config, const std::string& value) {
  const auto duration = parse_duration(value);
  if (!duration) return wrong(value, "a time such as 90s, 30min, 1h or 30d");
  current(config).*member = *duration;
  return success();
}

Status set_interval(Config& config, const std::string& value) {
  constexpr auto max_interval = std::chrono::seconds(10);  // shorter than the queue for an unreachable receiver
  const auto duration = parse_duration(value);
  if (!duration || *duration > max_interval) return wrong(value, "a time from 1s to 10s");
  current(config).interval = *duration;
  return success();
}

Status begin(Config& config, const std::string& name) {
  if (!is_id(name)) return wrong(name, "a name of letters, digits, - and _");
  config.publish.emplace_back().name = name;
  return success();
}

Status check_file(const PublishConfig& publish) {
  if (publish.url.find("{time}") == std::string::npos)
    return fault("key url: the file's name needs {time}, otherwise recordings overwrite each other");
  if (!publish.password.empty()) return fault("key credentials: not for file://");
  if (publish.interval != PublishConfig{}.interval) return fault("key interval: only for http:// and https://");
  return success();
}

Status check_remote(const PublishConfig& publish) {
  if (publish.max_file_size || publish.max_total_size || publish.max_file_duration.count() || publish.max_age.count())
    return fault("keys max-…: only for file://");
  if (publish.to != PublishTo::http && publish.interval != PublishConfig{}.interval)
    return fault("key interval: only for http:// and https://");
  return success();
}

Status finish(Config& config) {
  const auto& publish = current(config);
  if (publish.url.empty()) return fault("needs the key url");
  if (publish.stream == "all" && publish.url.find("{id}") == std::string::npos)
    return fault("key url: stream=all needs {id} in the URL, otherwise all streams share one target");
  return publish.to == PublishTo::file ? check_file(publish) : check_remote(publish);
}

constexpr GroupKey keys[] = {
    {"url", set_url},
    {"stream", set_stream},
    {"credentials", set_credentials},
    {"interval", set_interval},
    {"max-file-size", set_size<&PublishConfig::max_file_size>},
    {"max-file-duration", set_duration<&PublishConfig::max_file_duration>},
    {"max-total-size", set_size<&PublishConfig::max_total_size>},
    {"max-age", set_duration<&PublishConfig::max_age>},
};

}  // namespace

const Group publish_group{"publish", keys, begin, finish};

}  // namespace voicecast
