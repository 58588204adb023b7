// SPDX-License-Identifier: MIT
#include "doctor/recording_check.hpp"

namespace voicecast {

std::vector<RecordingFacts> look_at_recordings(const Config& config) {
  std::vector<RecordingFacts> facts;
  for (const auto& publish : config.publish)
    if (publish.to == PublishTo::file)
      facts.push_back({"[publish." + publish.name + ']', look_at_directory(file_of(publish.url).parent_path()),
                       config.mp3_bitrate_kbps});
  return facts;
}

}  // namespace voicecast
