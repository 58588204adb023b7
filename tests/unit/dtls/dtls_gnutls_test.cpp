// SPDX-License-Identifier: MIT

// A session with GnuTLS: another implementation of DTLS, SRTP's keys and alerts than that below the session.
#include <gnutls/dtls.h>
#include <gnutls/gnutls.h>
#include <gtest/gtest.h>

#include "dtls_harness.hpp"

namespace voicecast {
namespace {

class GnutlsEnd {
 public:
  explicit GnutlsEnd(DtlsRole role) {
    gnutls_certificate_allocate_credentials(&credentials_);
    const auto& pem = PlainEnd::certificate();
    const gnutls_datum_t text = {reinterpret_cast<unsigned char*>(const_cast<char*>(pem.data())),
                                 static_cast<unsigned>(pem.size())};
    EXPECT_EQ(gnutls_certificate_set_x509_key_mem(credentials_, &text, &text, GNUTLS_X509_FMT_PEM), 0);
    gnutls_init(&session_, (role == DtlsRole::active ? GNUTLS_CLIENT : GNUTLS_SERVER) | GNUTLS_DATAGRAM |
                               GNUTLS_NONBLOCK | GNUTLS_NO_SIGNAL);
    EXPECT_EQ(gnutls_priority_set_direct(session_, "NORMAL:-VERS-ALL:+VERS-DTLS1.2", nullptr), 0);
    gnutls_credentials_set(session_, GNUTLS_CRD_CERTIFICATE, credentials_);
    gnutls_certificate_server_set_request(session_, GNUTLS_CERT_REQUIRE);
    gnutls_srtp_set_profile(session_, GNUTLS_SRTP_AES128_CM_HMAC_SHA1_80);
    gnutls_dtls_set_mtu(session_, 1200);
    gnutls_transport_set_ptr(session_, this);
    gnutls_transport_set_push_function(session_, [](gnutls_transport_ptr_t end, const void* data, std::size_t size) {
      const auto* bytes = static_cast<const std::uint8_t*>(data);
      static_cast<GnutlsEnd*>(end)->sent.emplace_back(bytes, bytes + size);
      return static_cast<ssize_t>(size);
    });
    gnutls_transport_set_pull_function(session_, [](gnutls_transport_ptr_t end, void* data, std::size_t size) {
      return static_cast<GnutlsEnd*>(end)->pull(static_cast<std::uint8_t*>(data), size);
    });
    gnutls_transport_set_pull_timeout_function(session_, [](gnutls_transport_ptr_t end, unsigned) {
      return static_cast<GnutlsEnd*>(end)->incoming_.empty() ? 0 : 1;
    });
    advance();
  }
  ~GnutlsEnd() {
    gnutls_deinit(session_);
    gnutls_certificate_free_credentials(credentials_);
  }
  GnutlsEnd(const GnutlsEnd&) = delete;

  void take(const Datagram& datagram) {
    incoming_ = datagram;
    advance();
  }
  void send_alert(gnutls_alert_level_t level, gnutls_alert_description_t alert) {
    EXPECT_EQ(gnutls_alert_send(session_, level, alert), 0);
  }
  void shut_down() { gnutls_bye(session_, GNUTLS_SHUT_WR); }
  bool is_connected() const { return is_connected_; }
  bool is_told_of_end() const { return is_told_of_end_; }
  DtlsKeys keys() const {
    std::array<std::uint8_t, 60> material{};
    gnutls_datum_t client_key{}, client_salt{}, server_key{}, server_salt{};
    EXPECT_GT(gnutls_srtp_get_keys(session_, material.data(), material.size(), &client_key, &client_salt, &server_key,
                                   &server_salt),
              0);
    const auto keys_of = [](const gnutls_datum_t& key, const gnutls_datum_t& salt) {
      SrtpKeys keys;
      EXPECT_EQ(key.size, keys.master_key.size());
      EXPECT_EQ(salt.size, keys.master_salt.size());
      std::copy_n(key.data, keys.master_key.size(), keys.master_key.begin());
      std::copy_n(salt.data, keys.master_salt.size(), keys.master_salt.begin());
      return keys;
    };
    return {keys_of(client_key, client_salt), keys_of(server_key, server_salt)};
  }

  std::deque<Datagram> sent;

 private:
  void advance() {
    if (!is_connected_) is_connected_ = gnutls_handshake(session_) == 0;
    std::array<char, 100> data;
    if (is_connected_ && gnutls_record_recv(session_, data.data(), data.size()) == 0) is_told_of_end_ = true;
  }
  ssize_t pull(std::uint8_t* data, std::size_t size) {
    if (incoming_.empty()) {
      gnutls_transport_set_errno(session_, EAGAIN);
      return -1;
    }
    const auto datagram = std::exchange(incoming_, {});
    std::copy_n(datagram.begin(), std::min(size, datagram.size()), data);
    return static_cast<ssize_t>(datagram.size());
  }
  gnutls_certificate_credentials_t credentials_ = nullptr;
  gnutls_session_t session_ = nullptr;
  Datagram incoming_;
  bool is_connected_ = false, is_told_of_end_ = false;
};

class DtlsWithGnutls : public testing::TestWithParam<DtlsRole> {
 protected:
  DtlsWithGnutls() {
    ours.session->start();
    exchange(ours, theirs);
  }
  GnutlsEnd theirs{GetParam() == DtlsRole::active ? DtlsRole::passive : DtlsRole::active};
  DtlsEnd ours{GetParam(), PlainEnd(DtlsRole::active).fingerprint()};
};

TEST_P(DtlsWithGnutls, AgreesOnKeys) {
  ASSERT_TRUE(ours.is_connected()) << ours.reason.value_or(Error{}).message;
  ASSERT_TRUE(theirs.is_connected());
  const auto [client, server] = theirs.keys();
  EXPECT_TRUE(ours.keys->ours == (GetParam() == DtlsRole::active ? client : server));
  EXPECT_TRUE(ours.keys->theirs == (GetParam() == DtlsRole::active ? server : client));
}

TEST_P(DtlsWithGnutls, IsClosedByThem) {
  theirs.shut_down();
  exchange(ours, theirs);
  ASSERT_TRUE(ours.reason);
  EXPECT_EQ(ours.reason->code, ErrorCode::closed);
}

TEST_P(DtlsWithGnutls, IsClosedByUs) {
  ours.session->close();
  exchange(ours, theirs);
  EXPECT_TRUE(theirs.is_told_of_end());
}

TEST_P(DtlsWithGnutls, IsEndedByAFatalAlertOnly) {
  theirs.send_alert(GNUTLS_AL_WARNING, GNUTLS_A_NO_RENEGOTIATION);
  exchange(ours, theirs);
  EXPECT_TRUE(ours.is_connected());
  theirs.send_alert(GNUTLS_AL_FATAL, GNUTLS_A_INTERNAL_ERROR);
  exchange(ours, theirs);
  ASSERT_TRUE(ours.reason);
  EXPECT_EQ(ours.reason->code, ErrorCode::failed);
  EXPECT_NE(ours.reason->message.find("80"), std::string::npos) << ours.reason->message;  // internal_error
}

INSTANTIATE_TEST_SUITE_P(, DtlsWithGnutls, testing::Values(DtlsRole::active, DtlsRole::passive),
                         [](const auto& info) { return info.param == DtlsRole::active ? "Active" : "Passive"; });

}  // namespace
}  // namespace voicecast
