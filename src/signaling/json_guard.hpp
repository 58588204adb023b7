// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string_view>

#include "base/result.hpp"

namespace voicecast {

/// The maximal nesting of a client's message; valid ones need 2. json-glib's parser recurses: about ten thousand
/// brackets would overflow the stack.
inline constexpr std::size_t max_message_nesting = 32;

/// The maximal number of commas outside strings; valid messages need 4. Chosen keys can collide in json-glib's hash
/// table: 8000 of them would block the main loop for half a second.
inline constexpr std::size_t max_message_commas = 256;

/// Checks the tokens of an untrusted message before json-glib, which checks the grammar. json-glib 1.6 recurses without
/// limit, truncates a string at \u0000 or \0, turns a lone surrogate into invalid UTF-8, supports comments and single
/// quotes, which may hide brackets, and accepts two objects as one. Fails with ErrorCode::bad_message. Pure; linear.
Status check_json_object(std::string_view text);

}  // namespace voicecast
