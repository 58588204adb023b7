// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>

#include "http/document.hpp"
#include "status/facts.hpp"

namespace voicecast {

/// GET /health: 200, or 500 with a "reason" that names the missing parts. Pure.
Document health(const Facts& facts);

/// GET /info: what the page needs to know of the server beside its own address. `direct_url`: see direct_url().
Document info(const Facts& facts, const std::optional<std::string>& direct_url);

/// GET /stream/status. Pure.
Document stream_status(const Facts& facts);

}  // namespace voicecast
