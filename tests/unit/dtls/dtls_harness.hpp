// SPDX-License-Identifier: MIT
#pragma once

#include <gtest/gtest.h>
#include <openssl/ssl.h>

#include <array>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "dtls/dtls_context.hpp"
#include "dtls/dtls_session.hpp"

namespace voicecast {

using Datagram = std::vector<std::uint8_t>;

bool operator==(const SrtpKeys& a, const SrtpKeys& b);

/// The context of sessions, with a certificate like the server's.
std::shared_ptr<const DtlsContext> some_context();
/// A context with a large certificate: RSA.
std::shared_ptr<const DtlsContext> large_context();

/// A session, its events and the datagrams that it sends.
class DtlsEnd : public DtlsEvents {
 public:
  explicit DtlsEnd(DtlsRole role, std::string fingerprint = some_context()->fingerprint(),
                   std::shared_ptr<const DtlsContext> context = some_context());

  void on_dtls_connected(const DtlsKeys& keys) override;
  void on_dtls_ended(const Error& reason) override;
  bool is_connected() const { return keys && !reason; }

  std::deque<Datagram> sent;
  std::optional<DtlsKeys> keys;
  std::optional<Error> reason;
  std::function<void()> on_event;  ///< after each event
  std::unique_ptr<DtlsSession> session;
};

/// The other side by OpenSSL's own API, on a kernel's datagram socket: nothing of ours.
class PlainEnd {
 public:
  struct Settings {
    const char* srtp_profiles = "SRTP_AES128_CM_SHA1_80";
    const char* ciphers = "DEFAULT";
    bool has_certificate = true, is_rsa = false;
    unsigned more_certificates = 0;  ///< sent behind its own, as those of issuers
    bool asks_for_cookie = false;    ///< as a server: answers by HelloVerifyRequest first (RFC 6347 §4.2.1)
    int max_version = 0;             ///< 0: the library's
    long mtu = 1200;
    std::size_t hello_bytes = 0;  ///< of additional application protocols in the ClientHello
  };
  explicit PlainEnd(DtlsRole role) : PlainEnd(role, Settings()) {}
  PlainEnd(DtlsRole role, const Settings& settings);
  ~PlainEnd();
  PlainEnd(const PlainEnd&) = delete;

  void start() { advance(); }
  void take(const Datagram& datagram);
  /// Repeats the last flight as if its timer had run out.
  void repeat();
  void shut_down();
  void renegotiate();

  bool is_connected() const { return SSL_is_init_finished(ssl_.get()) == 1; }
  bool is_told_of_end() const { return (SSL_get_shutdown(ssl_.get()) & SSL_RECEIVED_SHUTDOWN) != 0; }
  bool has_failed() const { return has_failed_; }
  DtlsKeys keys() const;
  /// The ECDSA certificate of all these ends and its key, PEM.
  static const std::string& certificate();
  std::string fingerprint(const char* hash = "sha-256") const;

  std::deque<Datagram> sent;

 private:
  void advance();
  void collect();
  std::array<int, 2> sockets_{};
  std::string pem_;
  std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context_;
  std::unique_ptr<SSL, decltype(&SSL_free)> ssl_;
  bool has_failed_ = false;
};

/// Delivers all datagrams in order until none is left.
template <class A, class B>
void exchange(A& a, B& b) {
  const auto take = [](auto& end, const Datagram& datagram) {
    if constexpr (requires { end.session; }) {
      if (end.session) end.session->take(datagram);
    } else {
      end.take(datagram);
    }
  };
  while (!a.sent.empty() || !b.sent.empty()) {
    auto from_a = std::exchange(a.sent, {});
    for (const auto& datagram : from_a) take(b, datagram);
    auto from_b = std::exchange(b.sent, {});
    for (const auto& datagram : from_b) take(a, datagram);
  }
}

/// Two connected sessions.
struct DtlsPair {
  DtlsPair();
  DtlsEnd active{DtlsRole::active}, passive{DtlsRole::passive};
};

}  // namespace voicecast
