// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

#include "access/refusals.hpp"

namespace voicecast {

/// Logs the refusal of a client, once a minute per reason and address, so that repeated attempts do not flood the log.
/// Refusals are counted elsewhere. `key` is that of counting_key(); `words` is the detail. Main thread.
void log_refusal(RefusalReason reason, const std::string& key, std::string_view words);

/// The text of the address or network behind a key. Pure.
std::string text_of_key(const std::string& key);

}  // namespace voicecast
