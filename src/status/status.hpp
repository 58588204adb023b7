#pragma once

#include "http/document.hpp"
#include "status/facts.hpp"

namespace voicecast {

/// GET /health: 200, or 500 with a "reason" that names what is missing.
Document health(const Facts& facts);

/// GET /info: what the page needs to know of the server beside its own address.
Document info(const Facts& facts);

/// GET /stream/status.
Document stream_status(const Facts& facts);

}  // namespace voicecast
