// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string_view>

#include "base/result.hpp"

namespace voicecast {

/// How deep a client's message may nest: ours need 2. json-glib's parser recurses, and some ten thousand brackets
/// would overflow its stack.
inline constexpr std::size_t max_message_nesting = 32;

/// How many commas a client's message may have outside its strings: ours need 4. json-glib's hash table can be made
/// to collide, and 8000 chosen keys would hold up the main loop for half a second.
inline constexpr std::size_t max_message_commas = 256;

/// Looks at the tokens of a stranger's message before json-glib sees it; the grammar is left to json-glib. 1.6 recurses
/// without a limit, cuts a string at \u0000 or \0, turns a lone surrogate into invalid UTF-8, hides brackets from us in
/// comments and single quotes, and takes two objects for one. Fails with ErrorCode::bad_message. Pure.
Status check_json_object(std::string_view text);

}  // namespace voicecast
