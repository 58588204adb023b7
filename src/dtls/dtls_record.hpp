// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "rtp/srtp.hpp"

namespace voicecast {

/// A record of DTLS 1.0 or 1.2 (RFC 6347 §4.1): a view of bytes that the caller owns. Encrypted in epochs above 0.
struct DtlsRecord {
  static constexpr std::size_t header_bytes = 13;
  static constexpr std::uint8_t change_cipher_spec = 20, alert = 21, handshake = 22, application_data = 23;

  std::uint8_t type = 0;
  std::uint16_t epoch = 0;
  Bytes header, fragment;
};

/// Takes the first record off the datagram; nothing at its end, or unless it begins with a whole record. Pure.
std::optional<DtlsRecord> next_record(Bytes& datagram);

/// The number of encrypted records in a datagram; nothing unless it consists of whole records, one or more. Pure.
std::optional<std::size_t> count_encrypted_records(Bytes datagram);

}  // namespace voicecast
