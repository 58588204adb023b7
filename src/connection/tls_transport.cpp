// SPDX-License-Identifier: MIT
#include "connection/tls_transport.hpp"

#include <gnutls/gnutls.h>

#include <array>
#include <utility>

namespace voicecast {
namespace {

/// The versions that browsers of the last ten years support. ALPN offers HTTP/1.1 and 1.0, for libsoup gets the stream.
constexpr const char* versions_and_ciphers = "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2";

/// The limit of alerts, key updates and the like before a record with data.
constexpr int max_records_without_data = 8;

class GnutlsIdentity : public TlsIdentity {
 public:
  GnutlsIdentity() {
    gnutls_certificate_allocate_credentials(&credentials_);
    gnutls_priority_init(&priorities_, versions_and_ciphers, nullptr);
    gnutls_session_ticket_key_generate(&ticket_key_);
  }
  GnutlsIdentity(const GnutlsIdentity&) = delete;
  ~GnutlsIdentity() override {
    gnutls_certificate_free_credentials(credentials_);
    gnutls_priority_deinit(priorities_);
    gnutls_memset(ticket_key_.data, 0, ticket_key_.size);
    gnutls_free(ticket_key_.data);
  }
  int load(const std::string& pem) {
    const gnutls_datum_t text{reinterpret_cast<unsigned char*>(const_cast<char*>(pem.data())),
                              static_cast<unsigned>(pem.size())};
    return gnutls_certificate_set_x509_key_mem(credentials_, &text, &text, GNUTLS_X509_FMT_PEM);
  }
  void show(gnutls_session_t session) const {
    gnutls_priority_set(session, priorities_);
    gnutls_credentials_set(session, GNUTLS_CRD_CERTIFICATE, credentials_);
    gnutls_session_ticket_enable_server(session, &ticket_key_);
  }

 private:
  gnutls_certificate_credentials_t credentials_ = nullptr;
  gnutls_priority_t priorities_ = nullptr;
  gnutls_datum_t ticket_key_{};
};

gnutls_datum_t protocol(const char* name, unsigned size) {
  return {reinterpret_cast<unsigned char*>(const_cast<char*>(name)), size};
}

bool would_block(ssize_t result) { return result == GNUTLS_E_AGAIN || result == GNUTLS_E_INTERRUPTED; }

}  // namespace

Result<std::shared_ptr<const TlsIdentity>> TlsIdentity::read(const std::string& pem) {
  auto identity = std::make_shared<GnutlsIdentity>();
  if (const int problem = identity->load(pem); problem < 0)
    return Error{ErrorCode::failed, std::string("cannot use the certificate: ") + gnutls_strerror(problem)};
  return std::shared_ptr<const TlsIdentity>(std::move(identity));
}

TlsTransport::TlsTransport(GPtr<GSocket> socket, std::shared_ptr<const TlsIdentity> identity)
    : Transport(std::move(socket)), identity_(std::move(identity)) {
  gnutls_init(&session_, GNUTLS_SERVER | GNUTLS_NONBLOCK | GNUTLS_NO_SIGNAL);
  static_cast<const GnutlsIdentity&>(*identity_).show(session_);
  const std::array protocols = {protocol("http/1.1", 8), protocol("http/1.0", 8)};
  gnutls_alpn_set_protocols(session_, protocols.data(), protocols.size(), 0);
  gnutls_handshake_set_timeout(session_, GNUTLS_INDEFINITE_TIMEOUT);  // the connection has a timeout
  gnutls_transport_set_int(session_, fd());
}

TlsTransport::~TlsTransport() { gnutls_deinit(session_); }

TlsTransport::Handshake TlsTransport::shake_hands() {
  for (int i = 0; i < max_records_without_data; ++i) {
    const int result = gnutls_handshake(session_);
    if (result == GNUTLS_E_SUCCESS) return Handshake::done;
    if (result == GNUTLS_E_AGAIN)
      return gnutls_record_get_direction(session_) == 0 ? Handshake::wants_input : Handshake::wants_output;
    if (gnutls_error_is_fatal(result)) {
      gnutls_alert_send_appropriate(session_, result);
      return Handshake::failed;
    }
  }
  return Handshake::failed;
}

std::optional<std::size_t> TlsTransport::write(std::span<const std::string_view> pieces) {
  const auto bytes = pieces.front();
  std::size_t taken = 0;
  while (taken < bytes.size()) {
    const auto rest = bytes.substr(taken);
    // A record that the socket did not accept is sent first; it contains the current bytes.
    const auto count = has_unsent_record_ ? gnutls_record_send(session_, nullptr, 0)
                                          : gnutls_record_send(session_, rest.data(), rest.size());
    has_unsent_record_ = would_block(count);
    if (has_unsent_record_) return taken;
    if (count < 0) return std::nullopt;
    taken += static_cast<std::size_t>(count);
  }
  return taken;
}

/// A client's renegotiation in TLS 1.2 (GNUTLS_E_REHANDSHAKE) ends the connection: each would cost as much as the first
/// handshake.
std::optional<std::size_t> TlsTransport::read(std::span<char> to) {
  for (int i = 0; i < max_records_without_data; ++i) {
    const auto count = gnutls_record_recv(session_, to.data(), to.size());
    if (count >= 0) return static_cast<std::size_t>(count);
    if (would_block(count)) return std::nullopt;
    if (count == GNUTLS_E_REHANDSHAKE || gnutls_error_is_fatal(static_cast<int>(count))) break;
  }
  return 0;
}

bool TlsTransport::has_buffered_input() const { return gnutls_record_check_pending(session_) > 0; }

void TlsTransport::finish_output() {
  gnutls_bye(session_, GNUTLS_SHUT_WR);
  Transport::finish_output();
}

}  // namespace voicecast
