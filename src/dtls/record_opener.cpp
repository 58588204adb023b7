// SPDX-License-Identifier: MIT
#include "dtls/record_opener.hpp"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/params.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "base/ptr.hpp"
#include "rtp/rtp_packet.hpp"

namespace voicecast {
namespace {

constexpr std::uint16_t first_encrypted_epoch = 1;
constexpr std::size_t explicit_nonce_bytes = 8, tag_bytes = 16;  // RFC 5288 §3

using Kdf = std::unique_ptr<EVP_KDF, FreeBy<EVP_KDF_free>>;
using KdfContext = std::unique_ptr<EVP_KDF_CTX, FreeBy<EVP_KDF_CTX_free>>;
using CipherContext = std::unique_ptr<EVP_CIPHER_CTX, FreeBy<EVP_CIPHER_CTX_free>>;

/// The seed of the key block: the label and both randoms (RFC 5246 §6.3).
std::vector<std::uint8_t> seed_of(const SSL* ssl) {
  constexpr std::size_t random_bytes = 32;
  const std::string label = "key expansion";
  std::vector<std::uint8_t> seed(label.begin(), label.end());
  seed.resize(label.size() + 2 * random_bytes);
  SSL_get_server_random(ssl, &seed[label.size()], random_bytes);
  SSL_get_client_random(ssl, &seed[label.size() + random_bytes], random_bytes);
  return seed;
}

/// The keys of the records, in the order of RFC 5246 §6.3; empty on failure.
std::vector<std::uint8_t> key_block(const SSL* ssl, std::size_t size) {
  const Kdf kdf(EVP_KDF_fetch(nullptr, OSSL_KDF_NAME_TLS1_PRF, nullptr));
  const KdfContext context(EVP_KDF_CTX_new(kdf.get()));
  std::array<std::uint8_t, SSL_MAX_MASTER_KEY_LENGTH> master{};
  const auto master_size = SSL_SESSION_get_master_key(SSL_get_session(ssl), master.data(), master.size());
  auto seed = seed_of(ssl);
  std::string hash = EVP_MD_get0_name(SSL_CIPHER_get_handshake_digest(SSL_get_current_cipher(ssl)));
  const std::array parameters = {OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, hash.data(), 0),
                                 OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_SECRET, master.data(), master_size),
                                 OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_SEED, seed.data(), seed.size()),
                                 OSSL_PARAM_construct_end()};
  std::vector<std::uint8_t> block(size);
  if (!context || EVP_KDF_derive(context.get(), block.data(), block.size(), parameters.data()) != 1) block.clear();
  OPENSSL_cleanse(master.data(), master.size());
  return block;
}

}  // namespace

std::optional<RecordOpener> RecordOpener::create(const SSL* ssl) {
  RecordOpener opener;
  opener.cipher_ = EVP_get_cipherbynid(SSL_CIPHER_get_cipher_nid(SSL_get_current_cipher(ssl)));
  if (!opener.cipher_ || EVP_CIPHER_get_mode(opener.cipher_) != EVP_CIPH_GCM_MODE) return std::nullopt;
  const auto key_bytes = static_cast<std::size_t>(EVP_CIPHER_get_key_length(opener.cipher_));
  const auto block = key_block(ssl, 2 * (key_bytes + opener.salt_.size()));
  if (block.empty()) return std::nullopt;
  const std::size_t peer = SSL_is_server(ssl) ? 0 : 1;  // the client's come first
  std::copy_n(&block[peer * key_bytes], key_bytes, opener.key_.begin());
  std::copy_n(&block[2 * key_bytes + peer * opener.salt_.size()], opener.salt_.size(), opener.salt_.begin());
  return opener;
}

std::optional<RecordOpener::Content> RecordOpener::open(const DtlsRecord& record) const {
  constexpr auto overhead = explicit_nonce_bytes + tag_bytes;
  if (record.epoch != first_encrypted_epoch || record.fragment.size() < overhead ||
      record.fragment.size() > overhead + max_content_bytes)
    return std::nullopt;
  const auto nonce_rest = record.fragment.first(explicit_nonce_bytes), tag = record.fragment.last(tag_bytes);
  const auto encrypted = record.fragment.subspan(explicit_nonce_bytes, record.fragment.size() - overhead);
  std::array<std::uint8_t, sizeof(salt_) + explicit_nonce_bytes> nonce{};
  std::copy(nonce_rest.begin(), nonce_rest.end(), std::copy(salt_.begin(), salt_.end(), nonce.begin()));
  // Authenticated with it (RFC 5246 §6.2.3.3): epoch, sequence number, type, version, length of the content.
  std::array<std::uint8_t, DtlsRecord::header_bytes> additional{};
  std::copy_n(&record.header[0], 3, std::copy_n(&record.header[3], 8, additional.begin()));
  write_u16(&additional[11], static_cast<unsigned>(encrypted.size()));

  const CipherContext context(EVP_CIPHER_CTX_new());
  Content content;
  content.size = encrypted.size();
  int size = 0;
  std::array<std::uint8_t, tag_bytes> expected{};
  std::copy(tag.begin(), tag.end(), expected.begin());
  const bool is_authentic =
      EVP_DecryptInit_ex(context.get(), cipher_, nullptr, key_.data(), nonce.data()) == 1 &&
      EVP_DecryptUpdate(context.get(), nullptr, &size, additional.data(), static_cast<int>(additional.size())) == 1 &&
      EVP_DecryptUpdate(context.get(), content.bytes.data(), &size, encrypted.data(),
                        static_cast<int>(encrypted.size())) == 1 &&
      EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_SET_TAG, tag_bytes, expected.data()) == 1 &&
      EVP_DecryptFinal_ex(context.get(), nullptr, &size) == 1;
  return is_authentic ? std::optional(content) : std::nullopt;
}

}  // namespace voicecast
