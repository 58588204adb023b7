// SPDX-License-Identifier: MIT
#include "access/secret_id.hpp"

#include <glib.h>
#include <gnutls/crypto.h>

#include <array>

namespace voicecast {

std::string new_secret_id() {
  std::array<unsigned char, 16> bytes{};
  // Fails only if the system has no random numbers; then there is no safe way to continue.
  if (gnutls_rnd(GNUTLS_RND_RANDOM, bytes.data(), bytes.size()) != 0)
    g_error("the operating system gives no random numbers");
  constexpr const char* digits = "0123456789abcdef";
  std::string id;
  for (const auto byte : bytes) {
    id += digits[byte >> 4];
    id += digits[byte & 15];
  }
  return id;
}

}  // namespace voicecast
