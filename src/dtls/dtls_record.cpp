// SPDX-License-Identifier: MIT
#include "dtls/dtls_record.hpp"

#include "rtp/rtp_packet.hpp"

namespace voicecast {
namespace {

/// Offsets in the header: type, version (2 bytes), epoch (2), sequence number (6), length (2).
constexpr std::size_t epoch_at = 3, length_at = 11;

bool is_header(Bytes bytes) {
  return bytes.size() >= DtlsRecord::header_bytes && bytes[0] >= DtlsRecord::change_cipher_spec &&
         bytes[0] <= DtlsRecord::application_data && bytes[1] == 0xFE && (bytes[2] == 0xFD || bytes[2] == 0xFF);
}

}  // namespace

std::optional<DtlsRecord> next_record(Bytes& datagram) {
  if (!is_header(datagram)) return std::nullopt;
  const auto header = datagram.first(DtlsRecord::header_bytes);
  const std::size_t size = read_u16(&header[length_at]);
  if (size > datagram.size() - header.size()) return std::nullopt;
  const auto fragment = datagram.subspan(header.size(), size);
  datagram = datagram.subspan(header.size() + size);
  return DtlsRecord{header[0], read_u16(&header[epoch_at]), header, fragment};
}

std::optional<std::size_t> count_encrypted_records(Bytes datagram) {
  if (datagram.empty()) return std::nullopt;
  std::size_t count = 0;
  while (!datagram.empty()) {
    const auto record = next_record(datagram);
    if (!record) return std::nullopt;
    if (record->epoch > 0) ++count;
  }
  return count;
}

}  // namespace voicecast
