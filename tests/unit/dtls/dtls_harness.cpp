// SPDX-License-Identifier: MIT
#include "dtls_harness.hpp"

#include <fcntl.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>

namespace voicecast {
namespace {

std::string text_of(BIO* bio) {
  char* data = nullptr;
  const auto size = BIO_get_mem_data(bio, &data);
  return {data, static_cast<std::size_t>(size)};
}

/// A self-signed certificate and its key, by OpenSSL alone.
std::string make_certificate(bool is_rsa) {
  EVP_PKEY* key = is_rsa ? EVP_RSA_gen(2048U) : EVP_EC_gen("P-256");
  X509* certificate = X509_new();
  X509_set_version(certificate, 2);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
  X509_gmtime_adj(X509_getm_notBefore(certificate), -3600);
  X509_gmtime_adj(X509_getm_notAfter(certificate), 3600);
  X509_set_pubkey(certificate, key);
  X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate), "CN", MBSTRING_ASC,
                             reinterpret_cast<const unsigned char*>("peer"), -1, -1, 0);
  X509_set_issuer_name(certificate, X509_get_subject_name(certificate));
  X509_sign(certificate, key, EVP_sha256());
  const std::unique_ptr<BIO, decltype(&BIO_free)> pem(BIO_new(BIO_s_mem()), BIO_free);
  PEM_write_bio_X509(pem.get(), certificate);
  PEM_write_bio_PrivateKey(pem.get(), key, nullptr, nullptr, 0, nullptr, nullptr);
  X509_free(certificate);
  EVP_PKEY_free(key);
  return text_of(pem.get());
}

const std::string& certificate_of(bool is_rsa) {
  static const std::string rsa = make_certificate(true), ecdsa = make_certificate(false);
  return is_rsa ? rsa : ecdsa;
}

X509* read_certificate(const std::string& pem) {
  const std::unique_ptr<BIO, decltype(&BIO_free)> bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())),
                                                      BIO_free);
  return PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr);
}

SSL_CTX* make_context(const PlainEnd::Settings& settings) {
  auto* context = SSL_CTX_new(DTLS_method());
  SSL_CTX_set_options(context, SSL_OP_NO_QUERY_MTU);
  if (settings.max_version) {
    SSL_CTX_set_min_proto_version(context, settings.max_version);
    SSL_CTX_set_max_proto_version(context, settings.max_version);
  }
  EXPECT_EQ(SSL_CTX_set_cipher_list(context, settings.ciphers), 1);
  if (settings.srtp_profiles) {
    EXPECT_EQ(SSL_CTX_set_tlsext_use_srtp(context, settings.srtp_profiles), 0);
  }
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER, [](int, X509_STORE_CTX*) { return 1; });
  if (settings.has_certificate) {
    const auto& pem = certificate_of(settings.is_rsa);
    auto* certificate = read_certificate(pem);
    SSL_CTX_use_certificate(context, certificate);
    X509_free(certificate);
    for (unsigned i = 0; i < settings.more_certificates; ++i)
      SSL_CTX_add_extra_chain_cert(context, read_certificate(pem));
    const std::unique_ptr<BIO, decltype(&BIO_free)> bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())),
                                                        BIO_free);
    auto* key = PEM_read_bio_PrivateKey(bio.get(), nullptr, nullptr, nullptr);
    SSL_CTX_use_PrivateKey(context, key);
    EVP_PKEY_free(key);
  }
  if (settings.asks_for_cookie) {
    SSL_CTX_set_options(context, SSL_OP_COOKIE_EXCHANGE);
    SSL_CTX_set_cookie_generate_cb(context, [](SSL*, unsigned char* cookie, unsigned* size) {
      *size = 8;
      std::fill_n(cookie, *size, static_cast<unsigned char>('c'));
      return 1;
    });
    SSL_CTX_set_cookie_verify_cb(context, [](SSL*, const unsigned char*, unsigned size) { return size == 8 ? 1 : 0; });
  }
  if (settings.hello_bytes > 0) {
    std::vector<unsigned char> protocols;
    while (protocols.size() < settings.hello_bytes) {
      protocols.push_back(200);
      protocols.resize(protocols.size() + 200, 'p');
    }
    SSL_CTX_set_alpn_protos(context, protocols.data(), static_cast<unsigned>(protocols.size()));
  }
  return context;
}

}  // namespace

bool operator==(const SrtpKeys& a, const SrtpKeys& b) {
  return a.master_key == b.master_key && a.master_salt == b.master_salt && a.rtp_tag_bytes == b.rtp_tag_bytes;
}

std::shared_ptr<const DtlsContext> some_context() {
  static const auto context = *DtlsContext::create(make_certificate(false));
  return context;
}

std::shared_ptr<const DtlsContext> large_context() {
  static const auto context = *DtlsContext::create(make_certificate(true));
  return context;
}

DtlsEnd::DtlsEnd(DtlsRole role, std::string fingerprint, std::shared_ptr<const DtlsContext> context)
    : session(std::make_unique<DtlsSession>(
          std::move(context), role, std::move(fingerprint),
          [this](Bytes datagram) { sent.emplace_back(datagram.begin(), datagram.end()); }, *this)) {}

void DtlsEnd::on_dtls_connected(const DtlsKeys& exported) {
  EXPECT_FALSE(keys || reason) << "connected twice, or after the end";
  keys = exported;
  if (on_event) on_event();
}

void DtlsEnd::on_dtls_ended(const Error& error) {
  EXPECT_FALSE(reason) << "ended twice";
  reason = error;
  if (on_event) on_event();
}

PlainEnd::PlainEnd(DtlsRole role, const Settings& settings)
    : pem_(certificate_of(settings.is_rsa)),
      context_(make_context(settings), SSL_CTX_free),
      ssl_(SSL_new(context_.get()), SSL_free) {
  EXPECT_EQ(socketpair(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0, sockets_.data()), 0);
  auto* bio = BIO_new_socket(sockets_[0], BIO_NOCLOSE);
  SSL_set_bio(ssl_.get(), bio, bio);
  SSL_set_mtu(ssl_.get(), settings.mtu);
  role == DtlsRole::active ? SSL_set_connect_state(ssl_.get()) : SSL_set_accept_state(ssl_.get());
}

PlainEnd::~PlainEnd() {
  for (const int socket : sockets_) close(socket);
}

void PlainEnd::take(const Datagram& datagram) {
  EXPECT_EQ(send(sockets_[1], datagram.data(), datagram.size(), 0), static_cast<ssize_t>(datagram.size()));
  advance();
}

void PlainEnd::advance() {
  std::array<char, 2048> data;
  ERR_clear_error();
  const int size = SSL_read(ssl_.get(), data.data(), data.size());
  const int code = SSL_get_error(ssl_.get(), size);
  if (code == SSL_ERROR_SSL || code == SSL_ERROR_SYSCALL) has_failed_ = true;
  collect();
}

void PlainEnd::collect() {
  Datagram datagram(65536);
  for (ssize_t size; (size = recv(sockets_[1], datagram.data(), datagram.size(), 0)) >= 0;)
    sent.emplace_back(datagram.begin(), datagram.begin() + size);
}

void PlainEnd::repeat() {
  timeval left{};
  while (DTLSv1_get_timeout(ssl_.get(), &left) == 1 && DTLSv1_handle_timeout(ssl_.get()) == 0) {
    // Waits for OpenSSL's own clock.
    timeval wait = left;
    select(0, nullptr, nullptr, nullptr, &wait);
  }
  collect();
}

void PlainEnd::shut_down() {
  SSL_shutdown(ssl_.get());
  collect();
}

void PlainEnd::renegotiate() {
  EXPECT_EQ(SSL_renegotiate(ssl_.get()), 1) << ERR_error_string(ERR_peek_error(), nullptr);
  SSL_do_handshake(ssl_.get());
  collect();
}

DtlsKeys PlainEnd::keys() const {
  std::array<std::uint8_t, 60> material{};
  EXPECT_EQ(SSL_export_keying_material(ssl_.get(), material.data(), material.size(), "EXTRACTOR-dtls_srtp", 19, nullptr,
                                       0, 0),
            1);
  SrtpKeys client, server;
  std::copy_n(&material[0], 16, client.master_key.begin());
  std::copy_n(&material[16], 16, server.master_key.begin());
  std::copy_n(&material[32], 14, client.master_salt.begin());
  std::copy_n(&material[46], 14, server.master_salt.begin());
  return SSL_is_server(ssl_.get()) ? DtlsKeys{server, client} : DtlsKeys{client, server};
}

const std::string& PlainEnd::certificate() { return certificate_of(false); }

std::string PlainEnd::fingerprint(const char* hash) const {
  auto* certificate = read_certificate(pem_);
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  std::string name = hash;
  name.erase(name.find('-'), 1);
  X509_digest(certificate, EVP_get_digestbyname(name.c_str()), digest.data(), &size);
  X509_free(certificate);
  std::string text = std::string(hash) + ' ';
  for (unsigned i = 0; i < size; ++i) {
    constexpr char digits[] = "0123456789ABCDEF";
    if (i > 0) text += ':';
    text += digits[digest[i] >> 4];
    text += digits[digest[i] & 15];
  }
  return text;
}

DtlsPair::DtlsPair() {
  active.session->start();
  exchange(active, passive);
  EXPECT_TRUE(active.is_connected() && passive.is_connected());
}

}  // namespace voicecast
