// SPDX-License-Identifier: MIT

// Two sessions with each other, and each with OpenSSL's own API.
#include "dtls/dtls_session.hpp"

#include <gtest/gtest.h>
#include <openssl/err.h>
#include <openssl/ssl.h>

#include <string_view>
#include <vector>

#include "dtls_harness.hpp"
#include "unit/srtp_decoder.hpp"

namespace voicecast {
namespace {

TEST(DtlsSession, GivesBothSidesTheSameKeys) {
  DtlsPair pair;
  EXPECT_TRUE(pair.active.keys->ours == pair.passive.keys->theirs);
  EXPECT_TRUE(pair.active.keys->theirs == pair.passive.keys->ours);
  EXPECT_FALSE(pair.active.keys->ours == pair.active.keys->theirs);
  DtlsPair other;
  EXPECT_FALSE(pair.active.keys->ours == other.active.keys->ours);
}

TEST(DtlsSession, GivesKeysThatLibsrtpUses) {
  DtlsPair pair;
  const auto header = hex("806F0001000003C0CAFEBABE");
  const std::vector<std::uint8_t> payload(80, 7);
  std::vector<std::uint8_t> packet(header.size() + payload.size() + SrtpSender::max_overhead_bytes);
  packet.resize(SrtpSender(pair.active.keys->ours).protect(header, payload, 1, packet.data()));
  auto expected = header;
  expected.insert(expected.end(), payload.begin(), payload.end());
  EXPECT_EQ(SrtpDecoder(pair.passive.keys->theirs).rtp(packet), expected);
  EXPECT_NE(SrtpDecoder(pair.passive.keys->ours).rtp(packet), expected);
}

struct PlainCase {
  const char* name;
  DtlsRole ours;
  PlainEnd::Settings theirs;
};

void PrintTo(const PlainCase& plain, std::ostream* out) { *out << plain.name; }

class DtlsWithOpenssl : public testing::TestWithParam<PlainCase> {
 protected:
  DtlsWithOpenssl() {
    theirs.start();
    ours.session->start();
    exchange(ours, theirs);
  }
  PlainEnd theirs{GetParam().ours == DtlsRole::active ? DtlsRole::passive : DtlsRole::active, GetParam().theirs};
  DtlsEnd ours{GetParam().ours, theirs.fingerprint()};
};

class DtlsAgrees : public DtlsWithOpenssl {};

TEST_P(DtlsAgrees, OnKeys) {
  ASSERT_TRUE(ours.is_connected()) << ours.reason->message;
  ASSERT_TRUE(theirs.is_connected());
  EXPECT_TRUE(ours.keys->ours == theirs.keys().theirs);
  EXPECT_TRUE(ours.keys->theirs == theirs.keys().ours);
}

TEST_P(DtlsAgrees, OnTheEndThatTheyBegin) {
  theirs.shut_down();
  exchange(ours, theirs);
  ASSERT_TRUE(ours.reason);
  EXPECT_EQ(ours.reason->code, ErrorCode::closed);
  EXPECT_TRUE(theirs.is_told_of_end());
}

TEST_P(DtlsAgrees, OnTheEndThatWeBegin) {
  ours.session->close();
  EXPECT_EQ(ours.sent.size(), 1U);
  ours.session->close();
  EXPECT_EQ(ours.sent.size(), 1U);
  exchange(ours, theirs);
  EXPECT_TRUE(theirs.is_told_of_end());
  EXPECT_FALSE(ours.reason);
}

TEST_P(DtlsAgrees, NotToRenegotiate) {
  theirs.renegotiate();
  EXPECT_FALSE(theirs.sent.empty());
  for (const auto& datagram : theirs.sent) ours.session->take(datagram);
  EXPECT_TRUE(ours.is_connected());
  EXPECT_TRUE(ours.sent.empty());
}

constexpr auto aes128 = "AES128-GCM-SHA256", aes256 = "ECDHE+AESGCM+AES256";

INSTANTIATE_TEST_SUITE_P(
    , DtlsAgrees,
    testing::Values(PlainCase{"Active", DtlsRole::active, {}}, PlainCase{"Passive", DtlsRole::passive, {}},
                    PlainCase{"ActiveRsa", DtlsRole::active, {.is_rsa = true}},
                    PlainCase{"PassiveRsa", DtlsRole::passive, {.is_rsa = true}},
                    PlainCase{"ActiveWithIssuers", DtlsRole::active, {.is_rsa = true, .more_certificates = 2}},
                    PlainCase{"PassiveWithIssuers", DtlsRole::passive, {.is_rsa = true, .more_certificates = 2}},
                    PlainCase{"ActiveWithCookie", DtlsRole::active, {.asks_for_cookie = true}},
                    PlainCase{"ActiveAes256", DtlsRole::active, {.ciphers = aes256}},
                    PlainCase{"PassiveAes256", DtlsRole::passive, {.ciphers = aes256}},
                    PlainCase{"ActiveOfTwoProfiles",
                              DtlsRole::active,
                              {.srtp_profiles = "SRTP_AEAD_AES_128_GCM:SRTP_AES128_CM_SHA1_80"}},
                    PlainCase{"PassiveOfTwoProfiles",
                              DtlsRole::passive,
                              {.srtp_profiles = "SRTP_AEAD_AES_128_GCM:SRTP_AES128_CM_SHA1_80"}},
                    PlainCase{"PassiveHelloInFourDatagrams", DtlsRole::passive, {.mtu = 400, .hello_bytes = 1200}},
                    PlainCase{"ActiveSmallDatagrams", DtlsRole::active, {.mtu = 256}},
                    PlainCase{"PassiveSmallDatagrams", DtlsRole::passive, {.mtu = 256}}),
    [](const auto& info) { return info.param.name; });

/// The suites of DTLS 1.2 that a session accepts.
std::vector<const SSL_CIPHER*> accepted_suites() {
  std::vector<const SSL_CIPHER*> suites;
  const auto* all = SSL_CTX_get_ciphers(some_context()->get());
  for (int i = 0; i < sk_SSL_CIPHER_num(all); ++i)
    if (std::string_view(SSL_CIPHER_get_version(sk_SSL_CIPHER_value(all, i))) == "TLSv1.2")
      suites.push_back(sk_SSL_CIPHER_value(all, i));
  return suites;
}

TEST(DtlsSession, ConnectsAndEndsWithEachSuiteThatItAccepts) {
  ASSERT_FALSE(accepted_suites().empty());
  for (const auto* suite : accepted_suites())
    for (const auto role : {DtlsRole::active, DtlsRole::passive}) {
      SCOPED_TRACE(SSL_CIPHER_get_name(suite));
      const bool is_rsa = SSL_CIPHER_get_auth_nid(suite) == NID_auth_rsa;
      PlainEnd theirs(role == DtlsRole::active ? DtlsRole::passive : DtlsRole::active,
                      {.ciphers = SSL_CIPHER_get_name(suite), .is_rsa = is_rsa});
      DtlsEnd ours(role, theirs.fingerprint(), is_rsa ? large_context() : some_context());
      theirs.start();
      ours.session->start();
      exchange(ours, theirs);
      ASSERT_TRUE(ours.is_connected()) << ours.reason->message;
      theirs.shut_down();
      exchange(ours, theirs);
      ASSERT_TRUE(ours.reason);
      EXPECT_EQ(ours.reason->code, ErrorCode::closed);
    }
}

class DtlsRefuses : public DtlsWithOpenssl {};

TEST_P(DtlsRefuses, WithAReasonAndAnAlert) {
  EXPECT_FALSE(ours.keys);
  ASSERT_TRUE(ours.reason);
  EXPECT_EQ(ours.reason->code, ErrorCode::failed);
  EXPECT_FALSE(ours.reason->message.empty());
  EXPECT_TRUE(theirs.has_failed() || theirs.is_told_of_end()) << ours.reason->message;
}

constexpr auto any_cipher = "ALL:@SECLEVEL=0", chacha = "ECDHE+CHACHA20";

INSTANTIATE_TEST_SUITE_P(
    , DtlsRefuses,
    testing::Values(
        PlainCase{"NoCertificate", DtlsRole::passive, {.has_certificate = false}},
        PlainCase{"ActiveManyCertificates", DtlsRole::active, {.more_certificates = 20}},
        PlainCase{"PassiveManyCertificates", DtlsRole::passive, {.more_certificates = 20}},
        PlainCase{"ActiveNoSrtp", DtlsRole::active, {.srtp_profiles = nullptr}},
        PlainCase{"PassiveNoSrtp", DtlsRole::passive, {.srtp_profiles = nullptr}},
        PlainCase{"ActiveOtherProfile", DtlsRole::active, {.srtp_profiles = "SRTP_AES128_CM_SHA1_32"}},
        PlainCase{"PassiveOtherProfile", DtlsRole::passive, {.srtp_profiles = "SRTP_AES128_CM_SHA1_32"}},
        PlainCase{"ActiveOldVersion", DtlsRole::active, {.ciphers = any_cipher, .max_version = DTLS1_VERSION}},
        PlainCase{"PassiveOldVersion", DtlsRole::passive, {.ciphers = any_cipher, .max_version = DTLS1_VERSION}},
        PlainCase{"PassiveWithoutForwardSecrecy", DtlsRole::passive, {.ciphers = aes128}},
        PlainCase{"ActiveChaCha", DtlsRole::active, {.ciphers = chacha}},
        PlainCase{"PassiveChaCha", DtlsRole::passive, {.ciphers = chacha}}),
    [](const auto& info) { return info.param.name; });

/// Our fingerprint of their certificate is `fingerprint`, in both roles; gives our reason to end, if there is one.
std::vector<std::optional<Error>> reasons_for(const std::string& fingerprint) {
  std::vector<std::optional<Error>> reasons;
  for (const auto role : {DtlsRole::active, DtlsRole::passive}) {
    PlainEnd theirs(role == DtlsRole::active ? DtlsRole::passive : DtlsRole::active);
    DtlsEnd ours(role, fingerprint);
    theirs.start();
    ours.session->start();
    exchange(ours, theirs);
    EXPECT_EQ(ours.keys.has_value(), !ours.reason.has_value());
    EXPECT_EQ(theirs.has_failed(), ours.reason.has_value());
    reasons.push_back(ours.reason);
  }
  return reasons;
}

TEST(DtlsFingerprint, IsCheckedBeforeTheSessionIsConnected) {
  const std::string right = PlainEnd(DtlsRole::active).fingerprint();
  auto wrong = right;
  wrong.back() = wrong.back() == '0' ? '1' : '0';
  for (const auto& fingerprint :
       {wrong, right.substr(0, right.size() - 3), right + ":00", std::string(), std::string("sha-256"),
        std::string("sha-256 "), std::string("sha-256 :"), "sha-512" + right.substr(7), "md5" + right.substr(7)})
    for (const auto& reason : reasons_for(fingerprint)) {
      ASSERT_TRUE(reason) << fingerprint;
      EXPECT_NE(reason->message.find("a=fingerprint"), std::string::npos) << reason->message;
    }
}

TEST(DtlsFingerprint, IsOfSha2) {
  const PlainEnd theirs(DtlsRole::active);
  for (const auto* hash : {"sha-224", "sha-256", "sha-384", "sha-512"})
    for (const auto& reason : reasons_for(theirs.fingerprint(hash))) EXPECT_FALSE(reason) << hash;
  for (const auto& reason : reasons_for(theirs.fingerprint("sha-1"))) {
    ASSERT_TRUE(reason);
    EXPECT_NE(reason->message.find("sha-1"), std::string::npos) << reason->message;
  }
}

TEST(DtlsSession, IsClosedByEitherSide) {
  for (const bool is_active : {true, false}) {
    DtlsPair pair;
    auto& closing = is_active ? pair.active : pair.passive;
    auto& told = is_active ? pair.passive : pair.active;
    closing.session->close();
    exchange(closing, told);
    ASSERT_TRUE(told.reason);
    EXPECT_EQ(told.reason->code, ErrorCode::closed);
    EXPECT_FALSE(closing.reason);
    told.session->close();
    EXPECT_TRUE(told.sent.empty());
  }
}

TEST(DtlsSession, IsSilentAfterCloseDuringTheHandshake) {
  DtlsEnd active(DtlsRole::active), passive(DtlsRole::passive);
  active.session->start();
  passive.session->take(active.sent.front());
  EXPECT_FALSE(passive.sent.empty());
  const auto answer = passive.sent;
  passive.session->close();
  active.session->close();
  active.sent.clear();
  for (const auto& datagram : answer) active.session->take(datagram);
  active.session->start();
  EXPECT_TRUE(active.sent.empty());
  EXPECT_FALSE(active.reason || passive.reason);
}

TEST(DtlsSession, MayBeDestroyedWithinItsEvents) {
  for (const bool is_at_end : {false, true}) {
    DtlsEnd active(DtlsRole::active), passive(DtlsRole::passive);
    for (auto* end : {&active, &passive})
      end->on_event = [end, is_at_end] {
        if (end->reason || !is_at_end) end->session.reset();
      };
    active.session->start();
    exchange(active, passive);
    EXPECT_TRUE(active.keys && passive.keys);
    if (!is_at_end) continue;
    active.session->close();
    exchange(active, passive);
    EXPECT_FALSE(passive.session);
  }
}

TEST(DtlsSession, IgnoresErrorsOfOtherUsersOfTheLibrary) {
  DtlsEnd active(DtlsRole::active), passive(DtlsRole::passive);
  const auto fail_elsewhere = [] { ERR_raise(ERR_LIB_SSL, ERR_R_INTERNAL_ERROR); };
  fail_elsewhere();
  active.session->start();
  while (!active.sent.empty() || !passive.sent.empty()) {
    for (const auto& datagram : std::exchange(active.sent, {})) {
      fail_elsewhere();
      passive.session->take(datagram);
    }
    for (const auto& datagram : std::exchange(passive.sent, {})) {
      fail_elsewhere();
      active.session->take(datagram);
    }
  }
  EXPECT_TRUE(active.is_connected() && passive.is_connected());
  ERR_clear_error();
}

TEST(DtlsSession, LeavesNoErrorToOtherUsersOfTheLibrary) {
  ERR_clear_error();
  reasons_for("sha-256 00");
  DtlsEnd passive(DtlsRole::passive);
  passive.session->take(hex("16FEFD0000000000000000000401000000"));
  EXPECT_EQ(ERR_peek_error(), 0UL);
}

TEST(DtlsContext, NeedsACertificateWithItsKey) {
  for (const auto* pem : {"", "nonsense", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"}) {
    const auto context = DtlsContext::create(pem);
    ASSERT_FALSE(context);
    EXPECT_EQ(context.error().code, ErrorCode::failed);
  }
  EXPECT_EQ(some_context()->fingerprint().size(), 7 + 1 + 32 * 3 - 1U);
}

}  // namespace
}  // namespace voicecast
