// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "dtls/dtls_record.hpp"

typedef struct evp_cipher_st EVP_CIPHER;
typedef struct ssl_st SSL;

namespace voicecast {

/// Decrypts and authenticates the peer's records after the handshake, in DTLS 1.2 with AES-GCM (RFC 5288). Keeps only
/// the key: libssl's object of a connected session has 40 kB. Main thread.
class RecordOpener {
 public:
  /// The content of the largest record that is opened: a Finished message (RFC 5246 §7.4.9).
  static constexpr std::size_t max_content_bytes = 24;
  struct Content {
    std::array<std::uint8_t, max_content_bytes> bytes{};
    std::size_t size = 0;
  };

  /// `ssl` has completed its handshake with a suite of AES-GCM; nothing otherwise.
  static std::optional<RecordOpener> create(const SSL* ssl);
  /// The content of the record; nothing unless it is the peer's, of the first encrypted epoch and not too large.
  /// Repeated records are opened each time.
  std::optional<Content> open(const DtlsRecord& record) const;

 private:
  RecordOpener() = default;
  const EVP_CIPHER* cipher_ = nullptr;
  std::array<std::uint8_t, 32> key_{};  ///< of AES-256; the first half with AES-128
  std::array<std::uint8_t, 4> salt_{};  ///< the first part of the nonce
};

}  // namespace voicecast
