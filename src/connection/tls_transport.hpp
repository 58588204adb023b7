// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <string>

#include "base/result.hpp"
#include "connection/transport.hpp"

struct gnutls_session_int;

namespace voicecast {

/// What the server shows by TLS: its certificate with the key, and the rules for all sessions. Any thread.
class TlsIdentity {
 public:
  /// `pem` has the key, the certificate and its chain.
  static Result<std::shared_ptr<const TlsIdentity>> read(const std::string& pem);
  virtual ~TlsIdentity() = default;
};

/// TLS 1.2 and 1.3 on a socket, by GnuTLS itself: GIO's does its handshakes on threads that all of GLib shares, and
/// each waits there for its client.
class TlsTransport : public Transport {
 public:
  TlsTransport(GPtr<GSocket> socket, std::shared_ptr<const TlsIdentity> identity);
  ~TlsTransport() override;

  enum class Handshake { done, wants_input, wants_output, failed };
  /// Goes on with the handshake as far as it goes without blocking. One thread at a time, not after it is over.
  Handshake shake_hands();

  bool is_plain() const override { return false; }
  std::optional<std::size_t> write(std::span<const std::string_view> pieces) override;
  std::optional<std::size_t> read(std::span<char> to) override;
  bool has_buffered_input() const override;
  void finish_output() override;

 private:
  std::shared_ptr<const TlsIdentity> identity_;
  gnutls_session_int* session_ = nullptr;
  bool has_unsent_record_ = false;  ///< GnuTLS keeps it
};

}  // namespace voicecast
