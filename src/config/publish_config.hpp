// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>

namespace voicecast {

enum class PublishTo { icecast, http, file };
enum class PublishFormat { mp3, opus };

/// A [publish.NAME] group of the key file, checked: which stream goes where while it lives.
struct PublishConfig {
  std::string name;
  PublishTo to = PublishTo::file;
  PublishFormat format = PublishFormat::mp3;
  std::string url;                   ///< With {id} and {time} in it, without user and password.
  std::string stream = "latest";     ///< An id, `latest` or `all`.
  std::string user, password;        ///< Of the file that `credentials` names. Never shown.
  std::chrono::seconds interval{2};  ///< Between two requests; PublishTo::http only.

  // PublishTo::file only; 0: no limit.
  std::uint64_t max_file_size = 0;            ///< Bytes, at which a new file begins.
  std::chrono::seconds max_file_duration{0};  ///< After which a new file begins.
  std::uint64_t max_total_size = 0;           ///< Bytes of all files, beyond which the oldest go.
  std::chrono::seconds max_age{0};            ///< After which a file goes.

  bool operator==(const PublishConfig&) const = default;
};

/// The URL for one stream: {id} and {time} (UTC, as in 20260131T235959Z) filled in.
std::string expand_url(const PublishConfig& config, const std::string& stream_id,
                       std::chrono::system_clock::time_point now);

/// As people and logs may see a URL: without user, password and query, which may hold a token.
std::string shown_url(const std::string& url);

/// The path of a file:// URL.
std::filesystem::path file_of(const std::string& url);

}  // namespace voicecast
