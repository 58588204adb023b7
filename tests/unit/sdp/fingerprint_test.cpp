// SPDX-License-Identifier: MIT
#include "sdp/fingerprint.hpp"

#include <gtest/gtest.h>

namespace voicecast {
namespace {

// A fingerprint is over the bytes between the marks, whatever they are: here the word "certificate".
const std::string pem = "-----BEGIN CERTIFICATE-----\nY2VydGlm\naWNhdGU=\n-----END CERTIFICATE-----\n";

// printf certificate | sha1sum; … | sha256sum
const std::string sha1 = "sha-1 73:5A:D5:71:C1:89:D7:BA:84:46:4B:F4:A9:F1:D2:28:01:75:B1:28";
const std::string sha256 =
    "sha-256 03:D6:6D:D0:88:35:C1:CA:3F:12:8C:CE:AC:D1:F3:1A:C9:41:63:09:6B:20:F4:45:AE:84:28:5B:C0:83:2D:72";

TEST(Fingerprint, OfTheCertificateIsFound) { EXPECT_TRUE(has_fingerprint(pem, sha256)); }

TEST(Fingerprint, HasDescriptionFormat) {
  EXPECT_EQ(fingerprint_of("a key\n" + pem, "sha-256"), sha256);
  EXPECT_EQ(fingerprint_of(pem, "sha-1"), "");
  EXPECT_EQ(fingerprint_of(pem, "md5"), "");
  EXPECT_EQ(fingerprint_of("a key\n", "sha-256"), "");
}

TEST(Fingerprint, OfAnotherCertificateIsRefused) {
  auto other = sha256;
  other.back() = '3';
  EXPECT_FALSE(has_fingerprint(pem, other));
  EXPECT_FALSE(has_fingerprint(pem, sha1));  // right, but another certificate may have it
  EXPECT_FALSE(has_fingerprint("-----BEGIN CERTIFICATE-----\nY2VydA==\n-----END CERTIFICATE-----\n", sha256));
}

TEST(Fingerprint, EmptyIsRefused) {
  EXPECT_FALSE(has_fingerprint("", sha256));
  EXPECT_FALSE(has_fingerprint("-----BEGIN CERTIFICATE-----", sha256));
  EXPECT_FALSE(has_fingerprint("-----END CERTIFICATE----------BEGIN CERTIFICATE-----", sha256));
  EXPECT_FALSE(has_fingerprint(pem, ""));
  EXPECT_FALSE(has_fingerprint(pem, "md5 00"));
  EXPECT_FALSE(has_fingerprint(pem, "sha-256"));
}

}  // namespace
}  // namespace voicecast
