// SPDX-License-Identifier: MIT
#include "doctor/recording_check.hpp"

namespace voicecast {
namespace {

constexpr std::uint64_t few_hours = 10;

/// At the MP3 bit rate; Opus takes less.
std::uint64_t hours_of(const RecordingFacts& facts) {
  const auto bytes_per_hour = std::uint64_t{facts.bitrate_kbps} * 1000 / 8 * 3600;
  return bytes_per_hour > 0 ? facts.directory.free_bytes / bytes_per_hour : 0;
}

Finding check(const RecordingFacts& facts) {
  const char* subject = "recordings";
  const auto& directory = facts.directory;
  const auto words = facts.group + ": " + directory.path.string();
  if (!directory.error.empty())
    return problem(subject, words + " cannot be written: " + directory.error,
                   advice_for(directory) +
                       " The service needs ReadWritePaths= too "
                       "(docs/operating.md).");
  if (!directory.exists)
    return problem(subject, words + " does not exist: nothing is recorded",
                   "Create the directory, or mount its disk. The server checks for it every 5 s.");
  const auto hours = hours_of(facts);
  const auto space = ", " + bytes_text(directory.free_bytes) + " free: " + std::to_string(hours) +
                     (hours == 1 ? " hour" : " hours") + " of one stream";
  if (hours < few_hours)
    return warning(subject, words + space, "Free space, or delete old recordings: max-total-size, max-age.");
  return ok(subject, words + space);
}

}  // namespace

Findings check_recordings(const std::vector<RecordingFacts>& all) {
  Findings findings;
  for (const auto& facts : all) findings.push_back(check(facts));
  return findings;
}

}  // namespace voicecast
