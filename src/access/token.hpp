// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <filesystem>
#include <string>
#include <string_view>

#include "access/grant.hpp"
#include "base/result.hpp"

namespace voicecast {

/// The settings of authentication by token: the group [auth] of the key file.
struct AuthConfig {
  bool is_on = false;
  std::filesystem::path secret_file;      ///< for HS256
  std::filesystem::path public_key_file;  ///< for ES256 or RS256; PEM
  bool operator==(const AuthConfig&) const = default;
};

/// Verifies tokens: JWTs (RFC 7519) signed with HS256, ES256 or RS256, whichever fits the key. Private claims:
/// `publish` (true), `listen` ("*", or a list of stream ids), `admin` (true); registered claims: `exp` and `nbf`. Main
/// thread.
class TokenVerifier {
 public:
  /// Reads the key file. The Error names the file; a secret shorter than 32 bytes is one (RFC 7518 §3.2).
  static Result<TokenVerifier> load(const AuthConfig& config);

  /// The grant of the token, or an Error that says what is wrong without repeating the token.
  Result<Grant> verify(const std::string& token, std::chrono::system_clock::time_point now) const;

 private:
  enum class KeyKind { secret, elliptic, rsa };
  TokenVerifier(std::string key, KeyKind kind) : key_(std::move(key)), kind_(kind) {}

  std::string key_;
  KeyKind kind_;
};

/// Signs a token for `grant`, which has an expiry. `key` is an HS256 secret, or a private key in PEM (ES256, RS256).
/// Any thread.
Result<std::string> make_token(const Grant& grant, const std::string& key);

/// Reads a secret or key file; a newline at the end is not part of a secret. The Error names the file.
Result<std::string> read_key_file(const std::filesystem::path& path);

}  // namespace voicecast
