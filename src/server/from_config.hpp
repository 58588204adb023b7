// SPDX-License-Identifier: MIT
#pragma once

#include <optional>

#include "access/token.hpp"
#include "base/result.hpp"
#include "config/config.hpp"
#include "stream/media_config.hpp"
#include "whip/media_door.hpp"

namespace voicecast {

/// What the parts of a Server are made of, as a Config asks for it. An Error says which setting is wrong. Main thread.

/// The pipelines' texts. Fails, too, where the elements that they are made of are not installed. After gst_init().
Result<PipelineTexts> load_texts(const Config& config);

/// Who judges tokens; nobody, where none are asked for.
Result<std::optional<TokenJudge>> load_judge(const Config& config);

/// What streams are made with: opens the port of all peers, and the tunnels to the TURN servers.
Result<MediaConfig> open_media(const Config& config, PipelineTexts texts);

MediaDoorConfig door_config(const Config& config);

}  // namespace voicecast
