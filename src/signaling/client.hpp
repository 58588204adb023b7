// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "access/grant.hpp"

namespace voicecast {

/// Who is at the other end of a WebSocket.
struct Client {
  std::string name;  ///< for the log: address and port
  std::string key;   ///< what the address of the client is counted under
  Grant grant;
  std::function<std::uint64_t()> bytes_taken;  ///< how much of what was sent his connection has taken so far
  std::function<void()> cut;                   ///< ends the connection without a word; the WebSocket closes later
};

}  // namespace voicecast
