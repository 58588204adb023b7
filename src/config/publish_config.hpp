// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>

namespace voicecast {

enum class PublishTo { icecast, http, file };
enum class PublishFormat { mp3, opus };

/// A validated group [publish.NAME] of the key file: the streams to push or record, and their target. A value type.
struct PublishConfig {
  std::string name;
  PublishTo to = PublishTo::file;
  PublishFormat format = PublishFormat::mp3;
  std::string url;                   ///< May contain {id} and {time}; never user and password.
  std::string stream = "latest";     ///< An id, `latest` or `all`.
  std::string user, password;        ///< From the file of `credentials`. Never logged.
  std::chrono::seconds interval{2};  ///< The time between two requests; PublishTo::http only.

  // PublishTo::file only; 0: no limit.
  std::uint64_t max_file_size = 0;            ///< Bytes after which a new file begins.
  std::chrono::seconds max_file_duration{0};  ///< The time after which a new file begins.
  std::uint64_t max_total_size = 0;           ///< Bytes of all files beyond which the oldest are deleted.
  std::chrono::seconds max_age{0};            ///< The age after which a file is deleted.

  bool operator==(const PublishConfig&) const = default;
};

/// The URL for one stream, with {id} and {time} (UTC, such as 20260131T235959Z) replaced. Pure.
std::string expand_url(const PublishConfig& config, const std::string& stream_id,
                       std::chrono::system_clock::time_point now);

/// The URL for logs and status: without user, password and query, which may contain a token. Pure.
std::string shown_url(const std::string& url);

/// The path of a file:// URL.
std::filesystem::path file_of(const std::string& url);

}  // namespace voicecast
