// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <filesystem>
#include <string>
#include <string_view>

#include "access/grant.hpp"
#include "base/result.hpp"

namespace voicecast {

/// Whether and how tokens are asked for: the group [auth] of the key file.
struct AuthConfig {
  bool is_on = false;
  std::filesystem::path secret_file;      ///< of HS256
  std::filesystem::path public_key_file;  ///< of ES256 or RS256; PEM
  bool operator==(const AuthConfig&) const = default;
};

/// Judges tokens: JWTs (RFC 7519) signed with HS256, ES256 or RS256, and with nothing else than what fits to the key.
/// Their claims are ours: `publish` (true), `listen` ("*", or a list of stream ids), `admin` (true); `exp` and `nbf`
/// are the standard's. Main thread.
class TokenVerifier {
 public:
  /// Reads the key. A secret shorter than 32 bytes (RFC 7518 §3.2) is refused.
  static Result<TokenVerifier> load(const AuthConfig& config);

  /// What the token's holder may do, or why it is no good, in words that do not repeat it.
  Result<Grant> verify(const std::string& token, std::chrono::system_clock::time_point now) const;

 private:
  enum class KeyKind { secret, elliptic, rsa };
  TokenVerifier(std::string key, KeyKind kind) : key_(std::move(key)), kind_(kind) {}

  std::string key_;
  KeyKind kind_;
};

/// Makes a token for `grant`, which has an end. `key` is an HS256 secret, or a private key in PEM (ES256, RS256).
Result<std::string> make_token(const Grant& grant, const std::string& key);

/// Reads a secret or key file; a newline at its end is none of a secret.
Result<std::string> read_key_file(const std::filesystem::path& path);

}  // namespace voicecast
