// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "access/grant.hpp"

namespace voicecast {

/// The client of a WebSocket. A value type; its functions are for the main thread.
struct Client {
  std::string name;  ///< for the log: address and port
  std::string key;   ///< the client's counting key (counting_key())
  Grant grant;
  std::function<std::uint64_t()> bytes_taken;  ///< bytes that its connection has accepted so far
  std::function<void()> cut;  ///< ends the connection without a close frame; the WebSocket closes later
};

}  // namespace voicecast
