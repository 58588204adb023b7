// SPDX-License-Identifier: MIT
#define OPENSSL_SUPPRESS_DEPRECATED  // SHA_CTX: see SrtpTag

#include "rtp/srtp.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <algorithm>
#include <cassert>
#include <cstring>

#include "rtp/packet_kind.hpp"
#include "rtp/rtp_packet.hpp"

namespace voicecast {
namespace {

/// Offsets of the labels from the use (RFC 3711 §4.3.2).
constexpr std::uint8_t cipher_label = 0, authentication_label = 1, salt_label = 2;

/// The E flag: the packet is encrypted (RFC 3711 §3.4).
constexpr std::uint32_t encrypted_bit = 0x80000000;
constexpr std::size_t rtcp_header_bytes = 8, rtcp_tag_bytes = 10;

constexpr std::uint64_t sequences = 0x10000;

/// The key derivation function (RFC 3711 §4.3.3): AES in counter mode, with the label in the counter block.
template <std::size_t size>
void derive(const SrtpKeys& master, std::uint8_t label, std::array<std::uint8_t, size>& key) {
  auto salt = master.master_salt;
  salt[7] = static_cast<std::uint8_t>(salt[7] ^ label);
  const std::array<std::uint8_t, size> zeroes{};
  SrtpCipher(master.master_key, salt).apply(0, 0, zeroes, key.data());
}

SHA_CTX beyond_key(const std::array<std::uint8_t, 20>& key, std::uint8_t pad) {
  std::array<std::uint8_t, SHA_CBLOCK> block{};
  std::copy(key.begin(), key.end(), block.begin());
  for (auto& byte : block) byte = static_cast<std::uint8_t>(byte ^ pad);
  SHA_CTX state;
  SHA1_Init(&state);
  SHA1_Update(&state, block.data(), block.size());
  return state;
}

bool is_tag_of(const SrtpTag& key, Bytes message, Bytes tag) {
  std::array<std::uint8_t, SHA_DIGEST_LENGTH> right{};
  key.write(message, right.data(), tag.size());
  return CRYPTO_memcmp(right.data(), tag.data(), tag.size()) == 0;
}

}  // namespace

SrtpSessionKeys derive_session_keys(const SrtpKeys& master, SrtpUse use) {
  const auto first = static_cast<std::uint8_t>(use);
  SrtpSessionKeys keys;
  derive(master, static_cast<std::uint8_t>(first + cipher_label), keys.cipher);
  derive(master, static_cast<std::uint8_t>(first + authentication_label), keys.authentication);
  derive(master, static_cast<std::uint8_t>(first + salt_label), keys.salt);
  return keys;
}

void SrtpCipher::Free::operator()(EVP_CIPHER_CTX* p) const { EVP_CIPHER_CTX_free(p); }

SrtpCipher::SrtpCipher(const std::array<std::uint8_t, 16>& key, const std::array<std::uint8_t, 14>& salt)
    : context_(EVP_CIPHER_CTX_new()), salt_(salt) {
  const int is_ready = EVP_EncryptInit_ex(context_.get(), EVP_aes_128_ctr(), nullptr, key.data(), nullptr);
  assert(is_ready == 1);
  static_cast<void>(is_ready);
}

void SrtpCipher::apply(std::uint32_t ssrc, std::uint64_t index, Bytes in, std::uint8_t* out) {
  std::array<std::uint8_t, 16> counter{};
  write_u32(&counter[4], ssrc);
  write_u32(&counter[8], index >> 16);
  write_u32(&counter[12], index << 16);
  for (std::size_t i = 0; i < salt_.size(); ++i) counter[i] = static_cast<std::uint8_t>(counter[i] ^ salt_[i]);
  EVP_EncryptInit_ex(context_.get(), nullptr, nullptr, nullptr, counter.data());
  int written = 0;
  EVP_EncryptUpdate(context_.get(), out, &written, in.data(), static_cast<int>(in.size()));
}

SrtpTag::SrtpTag(const std::array<std::uint8_t, 20>& key)
    : inner_(beyond_key(key, 0x36)), outer_(beyond_key(key, 0x5C)) {}

void SrtpTag::write(Bytes message, std::uint8_t* out, std::size_t size) const {
  std::array<std::uint8_t, SHA_DIGEST_LENGTH> digest{};
  auto state = inner_;
  SHA1_Update(&state, message.data(), message.size());
  SHA1_Final(digest.data(), &state);
  state = outer_;
  SHA1_Update(&state, digest.data(), digest.size());
  SHA1_Final(digest.data(), &state);
  std::copy_n(digest.begin(), size, out);
}

SrtpVerifier::SrtpVerifier(const SrtpKeys& keys)
    : rtp_tag_(derive_session_keys(keys, SrtpUse::rtp).authentication),
      rtcp_tag_(derive_session_keys(keys, SrtpUse::rtcp).authentication),
      rtp_tag_bytes_(keys.rtp_tag_bytes) {}

bool SrtpVerifier::is_first_rtp(Bytes packet) const {
  constexpr std::size_t roll_over_bytes = 4;
  std::array<std::uint8_t, max_packet_bytes + roll_over_bytes>
      message{};  // followed by the roll-over counter, which is 0
  if (packet.size() < rtp_tag_bytes_ || packet.size() > max_packet_bytes) return false;
  const auto size = packet.size() - rtp_tag_bytes_;
  std::copy_n(packet.begin(), size, message.begin());
  return is_tag_of(rtp_tag_, Bytes(message).first(size + roll_over_bytes), packet.subspan(size));
}

bool SrtpVerifier::is_rtcp(Bytes packet) const {
  if (packet.size() < rtcp_tag_bytes) return false;
  const auto size = packet.size() - rtcp_tag_bytes;
  return is_tag_of(rtcp_tag_, packet.first(size), packet.subspan(size));
}

std::optional<std::uint64_t> SrtpIndex::advance(std::uint16_t sequence) {
  if (!highest_) return highest_ = sequence;
  const auto step = static_cast<std::uint16_t>(sequence - *highest_);
  if (step == 0 || step >= sequences / 2) return std::nullopt;
  return highest_ = *highest_ + step;
}

std::uint64_t SrtpIndex::before(std::uint64_t highest, std::uint16_t sequence) {
  return highest - static_cast<std::uint16_t>(highest - sequence);
}

SrtpSender::SrtpSender(const SrtpKeys& keys)
    : SrtpSender(derive_session_keys(keys, SrtpUse::rtp), keys.rtp_tag_bytes) {}

SrtpSender::SrtpSender(const SrtpSessionKeys& keys, std::size_t tag_bytes)
    : cipher_(keys.cipher, keys.salt), tag_(keys.authentication), tag_bytes_(tag_bytes) {}

std::size_t SrtpSender::protect(Bytes header, Bytes payload, std::uint64_t index, std::uint8_t* out) {
  const auto size = header.size() + payload.size();
  std::memcpy(out, header.data(), header.size());
  cipher_.apply(read_u32(&header[8]), index, payload, out + header.size());
  write_u32(out + size, index >> 16);  // the roll-over counter is authenticated, then replaced by the tag
  tag_.write({out, size + 4}, out + size, tag_bytes_);
  return size + tag_bytes_;
}

SrtcpSender::SrtcpSender(const SrtpKeys& keys) : SrtcpSender(derive_session_keys(keys, SrtpUse::rtcp)) {}

SrtcpSender::SrtcpSender(const SrtpSessionKeys& keys) : cipher_(keys.cipher, keys.salt), tag_(keys.authentication) {}

std::size_t SrtcpSender::protect(Bytes packet, std::uint8_t* out) {
  std::memcpy(out, packet.data(), rtcp_header_bytes);
  cipher_.apply(read_u32(&packet[4]), index_, packet.subspan(rtcp_header_bytes), out + rtcp_header_bytes);
  write_u32(out + packet.size(), encrypted_bit | index_);
  index_ = (index_ + 1) & ~encrypted_bit;
  const auto size = packet.size() + 4;
  tag_.write({out, size}, out + size, rtcp_tag_bytes);
  return size + rtcp_tag_bytes;
}

}  // namespace voicecast
