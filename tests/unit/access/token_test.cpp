// SPDX-License-Identifier: MIT
#include "access/token.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>

#include "base/ptr.hpp"

namespace voicecast {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using Clock = std::chrono::system_clock;

/// A folder with one key of each kind, made by openssl.
class Token : public testing::Test {
 protected:
  Token() : folder_(GUnique<char>(g_dir_make_tmp("voicecast-XXXXXX", nullptr)).get()) {
    write("secret", std::string(32, 's') + "\n");
    run("openssl ecparam -name prime256v1 -genkey -noout -out ec.pem && openssl ec -in ec.pem -pubout -out ec.pub");
    run("openssl genrsa -out rsa.pem 2048 && openssl rsa -in rsa.pem -pubout -out rsa.pub");
  }
  ~Token() override { std::filesystem::remove_all(folder_); }

  void run(const std::string& command) const {
    ASSERT_EQ(std::system(("cd " + folder_.string() + " && (" + command + ") 2>openssl.log").c_str()), 0);
  }
  void write(const std::string& name, const std::string& text) const { std::ofstream(folder_ / name) << text; }
  std::string key(const std::string& name) const { return *read_key_file(folder_ / name); }

  Result<TokenVerifier> with_secret(const std::string& name = "secret") const {
    return TokenVerifier::load({true, folder_ / name, {}});
  }
  Result<TokenVerifier> with_public_key(const std::string& name) const {
    return TokenVerifier::load({true, {}, folder_ / name});
  }
  static Grant everything(Clock::duration left = 1h) {
    return {true, true, true, {}, std::chrono::floor<std::chrono::seconds>(Clock::now() + left)};
  }

  std::filesystem::path folder_;
};

TEST_F(Token, EachKeyTypeVerifiesItsSignature) {
  const auto grant = everything();
  EXPECT_EQ(*with_secret()->verify(*make_token(grant, key("secret")), Clock::now()), grant);
  EXPECT_EQ(*with_public_key("ec.pub")->verify(*make_token(grant, key("ec.pem")), Clock::now()), grant);
  EXPECT_EQ(*with_public_key("rsa.pub")->verify(*make_token(grant, key("rsa.pem")), Clock::now()), grant);
}

TEST_F(Token, AnotherKeyIsRefused) {
  const std::string other(32, 'o');
  EXPECT_EQ(with_secret()->verify(*make_token(everything(), other), Clock::now()).error().message,
            "the token is not valid");
  EXPECT_FALSE(with_public_key("rsa.pub")->verify(*make_token(everything(), key("ec.pem")), Clock::now()));
}

TEST_F(Token, APublicKeyIsNoSecret) {
  // An RS256 verifier must not accept an HS256 token whose secret is the public key, which is no secret.
  for (const auto* name : {"rsa.pub", "ec.pub"}) {
    std::string python =
        "python3 - <<'END'\nimport base64,hmac,hashlib,json\n"
        "b=lambda d:base64.urlsafe_b64encode(d).rstrip(b'=')\n"
        "t=b(json.dumps({'alg':'HS256','typ':'JWT'}).encode())+b'.'+b(b'{\"publish\":true}')\n"
        "k=open('";
    python += std::string(name) +
              "','rb').read()\nopen('forged','wb').write(t+b'.'+b(hmac.new(k,t,hashlib.sha256)."
              "digest()))\nEND\n";
    run(python);
    std::ifstream file(folder_ / "forged");
    std::string forged;
    file >> forged;
    EXPECT_EQ(with_public_key(name)->verify(forged, Clock::now()).error().message, "the token is not valid") << name;
  }
}

TEST_F(Token, WithoutASignatureItIsRefused) {
  const std::string none = "eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0.eyJwdWJsaXNoIjp0cnVlfQ.";
  EXPECT_FALSE(with_secret()->verify(none, Clock::now()));
  EXPECT_FALSE(with_public_key("ec.pub")->verify(none, Clock::now()));
  for (const std::string bad : {"", ".", "..", "a.b.c", "....", "eyJ.eyJ.eyJ"})
    EXPECT_FALSE(with_secret()->verify(bad, Clock::now())) << bad;
  EXPECT_FALSE(with_secret()->verify(std::string(5000, 'a'), Clock::now()));
}

TEST_F(Token, IsValidUntilItsExpiry) {
  const auto end = *everything().expires;
  const auto token = *make_token(everything(), key("secret"));
  EXPECT_TRUE(with_secret()->verify(token, end - 1s));
  EXPECT_EQ(with_secret()->verify(token, end).error().message, "the token has expired");
}

TEST_F(Token, LimitsStreams) {
  const Grant some{false, false, false, {"stream_a", "stream_b"}, everything().expires};
  const auto grant = with_secret()->verify(*make_token(some, key("secret")), Clock::now());
  EXPECT_EQ(*grant, some);
  EXPECT_TRUE(grant->may_listen_to("stream_b"));
  EXPECT_FALSE(grant->may_listen_to("stream_c"));
  EXPECT_FALSE(grant->may_publish);
}

TEST_F(Token, InvalidKeys) {
  write("short", std::string(31, 's'));
  write("exact", std::string(32, 's'));
  EXPECT_TRUE(with_secret("exact"));
  EXPECT_THAT(with_secret("short").error().message, HasSubstr("too short"));
  EXPECT_THAT(with_secret("rsa.pub").error().message, HasSubstr("public-key-file"));
  EXPECT_THAT(with_secret("missing").error().message, HasSubstr("missing"));
  EXPECT_FALSE(with_public_key("secret"));
  EXPECT_FALSE(TokenVerifier::load({true, {}, {}}));
  EXPECT_FALSE(make_token(everything(), std::string(31, 's')));
  EXPECT_FALSE(make_token(everything(), key("rsa.pub")));
}

}  // namespace
}  // namespace voicecast
