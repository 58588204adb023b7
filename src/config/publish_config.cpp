// SPDX-License-Identifier: MIT
#include "config/publish_config.hpp"

#include <glib.h>

#include <algorithm>

#include "base/ptr.hpp"

namespace voicecast {
namespace {

constexpr std::string_view file_scheme = "file://";

/// Replaces everything but letters, digits, _ and -: a defence in depth against leaving the directory.
std::string as_part_of_a_path(std::string id) {
  std::ranges::replace_if(
      id, [](char c) { return !g_ascii_isalnum(c) && c != '_' && c != '-'; }, '_');
  return id;
}

std::string text_of(std::chrono::system_clock::time_point time) {
  const auto seconds = std::chrono::system_clock::to_time_t(time);
  std::tm utc{};
  gmtime_r(&seconds, &utc);
  char text[sizeof "20260131T235959Z"];
  std::strftime(text, sizeof text, "%Y%m%dT%H%M%SZ", &utc);
  return text;
}

void replace_all(std::string& text, std::string_view mark, const std::string& value) {
  for (auto at = text.find(mark); at != std::string::npos; at = text.find(mark, at + value.size()))
    text.replace(at, mark.size(), value);
}

}  // namespace

std::string expand_url(const PublishConfig& config, const std::string& stream_id,
                       std::chrono::system_clock::time_point now) {
  auto url = config.url;
  replace_all(url, "{id}", as_part_of_a_path(stream_id));
  replace_all(url, "{time}", text_of(now));
  return url;
}

std::string shown_url(const std::string& url) {
  auto shown = url.substr(0, url.find_first_of("?#"));
  const auto host = shown.find("://");
  if (host == std::string::npos) return shown;
  const auto path = std::min(shown.find('/', host + 3), shown.size());
  const auto at = shown.rfind('@', path);
  if (at != std::string::npos && at >= host + 3) shown.erase(host + 3, at - host - 2);
  return shown;
}

std::filesystem::path file_of(const std::string& url) {
  const GUnique<char> path(g_uri_unescape_string(url.c_str() + file_scheme.size(), nullptr));
  return path ? path.get() : "";
}

}  // namespace voicecast
