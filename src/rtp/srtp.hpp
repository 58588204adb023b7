// SPDX-License-Identifier: MIT
#pragma once

#include <openssl/sha.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>

typedef struct evp_cipher_ctx_st EVP_CIPHER_CTX;

namespace voicecast {

using Bytes = std::span<const std::uint8_t>;

/// The SRTP keys of one side from DTLS (RFC 5764 §4.1.2): SRTP_AES128_CM_HMAC_SHA1_80, or _32 with a tag of 4 bytes for
/// RTP. The tag of RTCP has 10 bytes in both profiles.
struct SrtpKeys {
  std::array<std::uint8_t, 16> master_key{};
  std::array<std::uint8_t, 14> master_salt{};
  std::size_t rtp_tag_bytes = 10;
};

/// The use of a derived key, by its label (RFC 3711 §4.3.2).
enum class SrtpUse : std::uint8_t { rtp = 0, rtcp = 3 };

/// The keys derived from a master key for one use.
struct SrtpSessionKeys {
  std::array<std::uint8_t, 16> cipher{};
  std::array<std::uint8_t, 20> authentication{};
  std::array<std::uint8_t, 14> salt{};
};

/// Derives the session keys (RFC 3711 §4.3.1) with a key derivation rate of 0. Any thread.
SrtpSessionKeys derive_session_keys(const SrtpKeys& master, SrtpUse use);

/// AES in counter mode with SRTP's counter (RFC 3711 §4.1.1). Allocates in the constructor only. One thread at a time.
class SrtpCipher {
 public:
  SrtpCipher(const std::array<std::uint8_t, 16>& key, const std::array<std::uint8_t, 14>& salt);
  /// Encrypts or decrypts `in` into `out`, which may be the same memory. `index` has 48 bits (RTP) or 31 (RTCP).
  void apply(std::uint32_t ssrc, std::uint64_t index, Bytes in, std::uint8_t* out);

 private:
  struct Free {
    void operator()(EVP_CIPHER_CTX* p) const;
  };
  std::unique_ptr<EVP_CIPHER_CTX, Free> context_;
  std::array<std::uint8_t, 14> salt_;
};

/// HMAC-SHA1 with a fixed key (RFC 2104). Allocates nothing. Any thread.
class SrtpTag {
 public:
  explicit SrtpTag(const std::array<std::uint8_t, 20>& key);
  /// Writes the first `size` bytes of the HMAC of `message` to `out`.
  void write(Bytes message, std::uint8_t* out, std::size_t size) const;

 private:
  // The hash states after the first block, which holds the key. libcrypto's EVP and HMAC allocate twice per message
  // (3.0).
  SHA_CTX inner_, outer_;
};

/// Verifies the authentication tags of received packets. Keeps no state of a packet, so a forged one has no effect. One
/// thread at a time; allocates nothing after construction.
class SrtpVerifier {
 public:
  /// `keys` are those of the remote side.
  explicit SrtpVerifier(const SrtpKeys& keys);
  /// Whether the tag is valid for a packet with a roll-over counter of 0, before the first wrap of the sequence numbers
  /// (RFC 3711 §4.2).
  bool is_first_rtp(Bytes packet) const;
  /// Whether the tag of an RTCP packet is valid; the packet contains its index (RFC 3711 §3.4).
  bool is_rtcp(Bytes packet) const;

 private:
  SrtpTag rtp_tag_, rtcp_tag_;
  std::size_t rtp_tag_bytes_;
};

/// The 48-bit index of the packets to one receiver (RFC 3711 §3.3.1): roll-over counter and sequence number. Gives each
/// index once: a second packet with one index would be encrypted with the same key stream. One thread.
class SrtpIndex {
 public:
  /// The index of the packet with this sequence number; nothing unless it follows the previous one by less than half of
  /// the number space. The first index has the roll-over counter 0, the receiver's first guess.
  std::optional<std::uint64_t> advance(std::uint16_t sequence);
  /// The index of a packet at or before `highest`. Pure.
  static std::uint64_t before(std::uint64_t highest, std::uint16_t sequence);

 private:
  std::optional<std::uint64_t> highest_;
};

/// Protects RTP packets as SRTP. One thread at a time.
class SrtpSender {
 public:
  static constexpr std::size_t max_overhead_bytes = 14;  ///< the tag and scratch space

  explicit SrtpSender(const SrtpKeys& keys);
  /// Writes `header`, the encrypted `payload` and the tag to `out`, which has room for both and max_overhead_bytes;
  /// gives the size of the result. `header` is the fixed header and the CSRC list.
  std::size_t protect(Bytes header, Bytes payload, std::uint64_t index, std::uint8_t* out);

 private:
  SrtpSender(const SrtpSessionKeys& keys, std::size_t tag_bytes);
  SrtpCipher cipher_;
  SrtpTag tag_;
  std::size_t tag_bytes_;
};

/// Protects RTCP packets as SRTCP and counts their index (RFC 3711 §3.4). One thread at a time.
class SrtcpSender {
 public:
  static constexpr std::size_t overhead_bytes = 14;  ///< the index and the tag

  explicit SrtcpSender(const SrtpKeys& keys);
  /// Writes the protected `packet`, which has at least 8 bytes, to `out`, which has room for it and overhead_bytes;
  /// gives the size of the result.
  std::size_t protect(Bytes packet, std::uint8_t* out);

 private:
  explicit SrtcpSender(const SrtpSessionKeys& keys);
  SrtpCipher cipher_;
  SrtpTag tag_;
  std::uint32_t index_ = 0;
};

}  // namespace voicecast
