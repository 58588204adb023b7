// SPDX-License-Identifier: MIT
#pragma once

#include "publish/publish_target.hpp"
#include "stream/media_config.hpp"

namespace voicecast {

/// Main thread, as is the next; `media` and `events` outlive the target.
/// A target for icecast://, with pipelines/publish_icecast.launch.
Result<std::unique_ptr<PublishTarget>> push_to_icecast(const MediaConfig& media, const PublishConfig& config,
                                                       const std::string& url, const std::string& title,
                                                       TargetEvents& events);

/// A target for file://, with pipelines/record.launch.
Result<std::unique_ptr<PublishTarget>> record_to_file(const MediaConfig& media, const PublishConfig& config,
                                                      const std::string& url, TargetEvents& events);

}  // namespace voicecast
