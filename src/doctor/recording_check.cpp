// SPDX-License-Identifier: MIT
#include "doctor/recording_check.hpp"

namespace voicecast {
namespace {

constexpr std::uint64_t few_hours = 10;

/// Of MP3. Opus takes less.
std::uint64_t hours_of(const RecordingPlace& place) {
  const auto bytes_per_hour = std::uint64_t{place.bitrate_kbps} * 1000 / 8 * 3600;
  return bytes_per_hour > 0 ? place.directory.free_bytes / bytes_per_hour : 0;
}

Finding check(const RecordingPlace& place) {
  const char* subject = "recordings";
  const auto& directory = place.directory;
  const auto words = place.group + ": " + directory.path.string();
  if (!directory.why_not.empty())
    return problem(subject, words + " cannot be written: " + directory.why_not,
                   advice_for(directory) +
                       " The service needs ReadWritePaths=, too "
                       "(docs/operating.md).");
  if (!directory.exists)
    return problem(subject, words + " does not exist: nothing is recorded until it does",
                   "Make the directory, or mount the disk that has it. The server looks for it every 5 s.");
  const auto hours = hours_of(place);
  const auto space = ", " + bytes_text(directory.free_bytes) + " free: " + std::to_string(hours) +
                     (hours == 1 ? " hour" : " hours") + " of one voice";
  if (hours < few_hours)
    return warning(subject, words + space, "Make room, or let the oldest go: max-total-size, max-age.");
  return ok(subject, words + space);
}

}  // namespace

Findings check_recordings(const std::vector<RecordingPlace>& places) {
  Findings findings;
  for (const auto& place : places) findings.push_back(check(place));
  return findings;
}

}  // namespace voicecast
