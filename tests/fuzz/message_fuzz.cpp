// SPDX-License-Identifier: MIT

// Clients' messages, and what is said back.

#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "signaling/client_message.hpp"
#include "signaling/server_message.hpp"

using namespace voicecast;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto message = parse_client_message(text);
  if (!message && message.error().message.empty()) std::abort();  // every refusal has its words
  to_json(ErrorMessage{MessageError::bad_message, message ? std::string(text) : message.error().message});
  return 0;
}
