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

/// What DTLS agreed on for the packets of one side (RFC 5764 §4.1.2): SRTP_AES128_CM_HMAC_SHA1_80, or _32 with a tag of
/// 4 bytes for RTP. RTCP's tag has 10 in both.
struct SrtpKeys {
  std::array<std::uint8_t, 16> master_key{};
  std::array<std::uint8_t, 14> master_salt{};
  std::size_t rtp_tag_bytes = 10;
};

/// What is made of a master key, by its label (RFC 3711 §4.3.2).
enum class SrtpUse : std::uint8_t { rtp = 0, rtcp = 3 };

struct SrtpSessionKeys {
  std::array<std::uint8_t, 16> cipher{};
  std::array<std::uint8_t, 20> authentication{};
  std::array<std::uint8_t, 14> salt{};
};

/// RFC 3711 §4.3.1, with a key derivation rate of 0.
SrtpSessionKeys derive_session_keys(const SrtpKeys& master, SrtpUse use);

/// AES in counter mode as SRTP numbers its packets (RFC 3711 §4.1.1). The key is set up once; after that nothing is
/// allocated. One thread at a time.
class SrtpCipher {
 public:
  SrtpCipher(const std::array<std::uint8_t, 16>& key, const std::array<std::uint8_t, 14>& salt);
  /// Encrypts `in` into `out`, which may be the same memory. `index` has 48 bits (RTP) or 31 (RTCP).
  void apply(std::uint32_t ssrc, std::uint64_t index, Bytes in, std::uint8_t* out);

 private:
  struct Free {
    void operator()(EVP_CIPHER_CTX* p) const;
  };
  std::unique_ptr<EVP_CIPHER_CTX, Free> context_;
  std::array<std::uint8_t, 14> salt_;
};

/// HMAC-SHA1 with a key of its own (RFC 2104). Allocates nothing. Any thread.
class SrtpTag {
 public:
  explicit SrtpTag(const std::array<std::uint8_t, 20>& key);
  /// Writes the first `size` bytes of the HMAC of `message` to `out`.
  void write(Bytes message, std::uint8_t* out, std::size_t size) const;

 private:
  // Beyond the first block, which is the key's. libcrypto's EVP and HMAC allocate twice for every message (3.0).
  SHA_CTX inner_, outer_;
};

/// Looks at tags of packets that come from the other side. It keeps nothing of a packet, so a forged one leaves no
/// trace. One thread at a time; allocates nothing once made.
class SrtpVerifier {
 public:
  /// The keys of the other side.
  explicit SrtpVerifier(const SrtpKeys& keys);
  /// Whether its tag is good, taken for a packet before its source's first wrap of the sequence numbers (RFC 3711
  /// §4.2).
  bool is_first_rtp(Bytes packet) const;
  /// Likewise for RTCP, which has its index in the packet (RFC 3711 §3.4).
  bool is_rtcp(Bytes packet) const;

 private:
  SrtpTag rtp_tag_, rtcp_tag_;
  std::size_t rtp_tag_bytes_;
};

/// The 48-bit index of the packets to one receiver (RFC 3711 §3.3.1): the roll-over counter and the sequence number.
/// Each is given once, as a second packet of one index would be encrypted with the same key stream.
class SrtpIndex {
 public:
  /// That of the packet with this number; nothing if it does not come after the one before, by less than half the
  /// numbers. The first one's roll-over counter is 0, as its receiver will guess.
  std::optional<std::uint64_t> advance(std::uint16_t sequence);
  /// That of a packet at or before `highest`.
  static std::uint64_t before(std::uint64_t highest, std::uint16_t sequence);

 private:
  std::optional<std::uint64_t> highest_;
};

/// Makes SRTP of RTP. One thread at a time.
class SrtpSender {
 public:
  static constexpr std::size_t max_overhead_bytes = 14;  ///< the tag, and room to work

  explicit SrtpSender(const SrtpKeys& keys);
  /// Writes `header`, the encrypted `payload` and the tag to `out`, which has room for both and the overhead; gives the
  /// packet's size. `header` is the fixed one and the sources that contributed.
  std::size_t protect(Bytes header, Bytes payload, std::uint64_t index, std::uint8_t* out);

 private:
  SrtpSender(const SrtpSessionKeys& keys, std::size_t tag_bytes);
  SrtpCipher cipher_;
  SrtpTag tag_;
  std::size_t tag_bytes_;
};

/// Makes SRTCP of RTCP, and counts its index (RFC 3711 §3.4). One thread at a time.
class SrtcpSender {
 public:
  static constexpr std::size_t overhead_bytes = 14;  ///< the index and the tag

  explicit SrtcpSender(const SrtpKeys& keys);
  /// Writes the protected `packet`, at least 8 bytes, to `out`, which has room for it and the overhead; gives the size.
  std::size_t protect(Bytes packet, std::uint8_t* out);

 private:
  explicit SrtcpSender(const SrtpSessionKeys& keys);
  SrtpCipher cipher_;
  SrtpTag tag_;
  std::uint32_t index_ = 0;
};

}  // namespace voicecast
