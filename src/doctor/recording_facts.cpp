// SPDX-License-Identifier: MIT
#include "doctor/recording_check.hpp"

namespace voicecast {

std::vector<RecordingPlace> look_at_recordings(const Config& config) {
  std::vector<RecordingPlace> places;
  for (const auto& publish : config.publish)
    if (publish.to == PublishTo::file)
      places.push_back({"[publish." + publish.name + ']', look_at_place(file_of(publish.url).parent_path()),
                        config.mp3_bitrate_kbps});
  return places;
}

}  // namespace voicecast
