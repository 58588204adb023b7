// SPDX-License-Identifier: MIT
#pragma once

#include <optional>

#include "access/token.hpp"
#include "base/result.hpp"
#include "config/config.hpp"
#include "stream/media_config.hpp"
#include "whip/media_endpoint.hpp"

namespace voicecast {

/// Factories for a Server's parts. An Error names the wrong setting. Main thread.

/// The pipelines' texts. Fails if one is invalid or needs an element that is not installed. After gst_init().
Result<PipelineTexts> load_texts(const Config& config);

/// The token verifier; empty without authentication. Reads the key file.
Result<std::optional<TokenVerifier>> load_token_verifier(const Config& config);

/// The configuration of streams. Opens the ICE port and the tunnels to TURN servers.
Result<MediaConfig> open_media(const Config& config, PipelineTexts texts);

MediaEndpointConfig media_endpoint_config(const Config& config);

}  // namespace voicecast
