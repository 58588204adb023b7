// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <string>

#include "base/result.hpp"
#include "connection/transport.hpp"

struct gnutls_session_int;

namespace voicecast {

/// The server's certificate and key, and the settings of all TLS sessions. Any thread.
class TlsIdentity {
 public:
  /// Reads `pem`: the key, the certificate and its chain. The Error says why it cannot be used.
  static Result<std::shared_ptr<const TlsIdentity>> read(const std::string& pem);
  virtual ~TlsIdentity() = default;
};

/// TLS 1.2 and 1.3 on a socket, by GnuTLS directly: GIO runs handshakes on a thread pool that all of GLib shares, and
/// each blocks a thread until its client responds. Main thread, except for shake_hands().
class TlsTransport : public Transport {
 public:
  TlsTransport(GPtr<GSocket> socket, std::shared_ptr<const TlsIdentity> identity);
  ~TlsTransport() override;

  enum class Handshake { done, wants_input, wants_output, failed };
  /// Continues the handshake as far as possible without blocking. One thread at a time, not after the handshake.
  Handshake shake_hands();

  bool is_plain() const override { return false; }
  std::optional<std::size_t> write(std::span<const std::string_view> pieces) override;
  std::optional<std::size_t> read(std::span<char> to) override;
  bool has_buffered_input() const override;
  void finish_output() override;

 private:
  std::shared_ptr<const TlsIdentity> identity_;
  gnutls_session_int* session_ = nullptr;
  bool has_unsent_record_ = false;  ///< buffered in GnuTLS
};

}  // namespace voicecast
