// SPDX-License-Identifier: MIT
#include "dtls/dtls_handshake.hpp"

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/time.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "dtls/dtls_context.hpp"
#include "dtls/dtls_record.hpp"

namespace voicecast {
namespace {

using namespace std::chrono_literals;

/// The wait for an answer to a flight; it doubles each time. RFC 6347 §4.2.4.1 recommends 1 s, and permits less where
/// time matters: a listener waits. Where the path is slower than this, a needless repeat costs one datagram.
constexpr std::chrono::microseconds first_timeout = 250ms, longest_timeout = 4s;

/// libssl keeps each early record in a buffer of 17 kB, up to 100 of them. A handshake has one, the peer's Finished,
/// and one more for each repeat.
constexpr std::size_t max_early_records = 16;

unsigned next_timeout_us(SSL*, unsigned previous_us) noexcept {
  const auto doubled = std::min(2 * std::chrono::microseconds(previous_us), longest_timeout);
  return static_cast<unsigned>((previous_us == 0 ? first_timeout : doubled).count());
}

/// The keys from the exporter, in its order (RFC 5764 §4.2).
std::optional<DtlsKeys> export_keys(SSL* ssl) {
  constexpr std::string_view label = "EXTRACTOR-dtls_srtp";
  SrtpKeys client, server;
  std::array<std::uint8_t, 2 * (sizeof(client.master_key) + sizeof(client.master_salt))> material{};
  if (!SSL_get_selected_srtp_profile(ssl) ||
      SSL_export_keying_material(ssl, material.data(), material.size(), label.data(), label.size(), nullptr, 0, 0) != 1)
    return std::nullopt;
  const auto* at = material.data();
  const auto take = [&at](auto& part) {
    std::copy_n(at, part.size(), part.begin());
    at += part.size();
  };
  take(client.master_key);
  take(server.master_key);
  take(client.master_salt);
  take(server.master_salt);
  OPENSSL_cleanse(material.data(), material.size());
  return SSL_is_server(ssl) ? DtlsKeys{server, client} : DtlsKeys{client, server};
}

}  // namespace

void DtlsHandshake::Free::operator()(SSL* p) const { SSL_free(p); }

DtlsHandshake::DtlsHandshake(std::shared_ptr<const DtlsContext> context, DtlsRole role, std::string fingerprint,
                             std::function<void(Bytes)> send)
    : context_(std::move(context)), check_{std::move(fingerprint), {}}, ssl_(SSL_new(context_->get())) {
  ends_.send = [this, send = std::move(send)](Bytes datagram) {
    last_sent_.assign(datagram.begin(), datagram.end());
    send(datagram);
  };
  auto* bio = new_datagram_bio(ends_);
  SSL_set_bio(ssl_.get(), bio, bio);
  SSL_set_app_data(ssl_.get(), &check_);
  SSL_set_mtu(ssl_.get(), max_datagram_bytes);
  DTLS_set_timer_cb(ssl_.get(), next_timeout_us);
  if (role == DtlsRole::active)
    SSL_set_connect_state(ssl_.get());
  else
    SSL_set_accept_state(ssl_.get());
}

Result<bool> DtlsHandshake::take(Bytes datagram) {
  if (!datagram.empty()) {
    const auto encrypted = count_encrypted_records(datagram);
    if (!encrypted || (early_records_ += *encrypted) > max_early_records) return false;
  }
  ends_.incoming = datagram;
  std::array<std::uint8_t, 2048> ignored;  // data has no meaning for media
  int size = 0;
  do {
    ERR_clear_error();  // SSL_get_error reads the thread's queue, in which other libraries leave theirs
    size = SSL_read(ssl_.get(), ignored.data(), ignored.size());
  } while (size > 0);
  ends_.incoming = {};
  switch (SSL_get_error(ssl_.get(), size)) {
    case SSL_ERROR_WANT_READ:
      return SSL_is_init_finished(ssl_.get()) == 1;
    case SSL_ERROR_ZERO_RETURN:
      SSL_shutdown(ssl_.get());  // the answer (RFC 5246 §7.2.1)
      return Error{ErrorCode::closed, "the peer closed the DTLS session"};
    default:
      return failure();
  }
}

std::optional<std::chrono::milliseconds> DtlsHandshake::time_to_repeat() const {
  timeval left{};
  if (DTLSv1_get_timeout(ssl_.get(), &left) != 1) return std::nullopt;
  return std::chrono::ceil<std::chrono::milliseconds>(std::chrono::seconds(left.tv_sec) +
                                                      std::chrono::microseconds(left.tv_usec));
}

Status DtlsHandshake::repeat() {
  ERR_clear_error();
  if (DTLSv1_handle_timeout(ssl_.get()) < 0) return failure();
  return success();
}

/// libssl encrypts the close_notify now and is needed no more.
Result<DtlsOutcome> DtlsHandshake::finish() {
  ERR_clear_error();
  auto keys = export_keys(ssl_.get());
  if (!keys) {
    SSL_shutdown(ssl_.get());
    return Error{ErrorCode::failed, "the peer offers no SRTP_AES128_CM_HMAC_SHA1_80 in DTLS (use_srtp)"};
  }
  auto opener = RecordOpener::create(ssl_.get());
  if (!opener) return failure();
  DtlsOutcome outcome{*keys, *opener, {}, {}};
  if (SSL_is_server(ssl_.get())) outcome.last_flight = last_sent_;
  ends_.send = [&](Bytes datagram) { outcome.close_notify.assign(datagram.begin(), datagram.end()); };
  SSL_shutdown(ssl_.get());
  ssl_.reset();
  return outcome;
}

Error DtlsHandshake::failure() const {
  const auto* reason = ERR_reason_error_string(ERR_peek_error());
  ERR_clear_error();
  if (!check_.refusal.empty()) return {ErrorCode::failed, check_.refusal};
  return {ErrorCode::failed, std::string("DTLS failed: ") + (reason ? reason : "unknown reason")};
}

}  // namespace voicecast
