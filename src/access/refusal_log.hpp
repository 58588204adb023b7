// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

#include "access/refusals.hpp"

namespace voicecast {

/// Logs that a client was refused, once a minute for each reason and address, so that one who comes again and again
/// does not fill the log; all are counted. `key` is what counting_key() gave of its address; `words` say why. Main
/// thread.
void log_refusal(RefusalReason reason, const std::string& key, std::string_view words);

/// The address or network that is counted under this key, in text. Pure.
std::string text_of_key(const std::string& key);

}  // namespace voicecast
