// SPDX-License-Identifier: MIT
#include "tls/certificate.hpp"

#include <gio/gio.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <set>
#include <sstream>
#include <thread>

#include "base/address.hpp"
#include "base/ptr.hpp"
#include "tls/local_ca.hpp"

namespace voicecast {

template <>
struct Refs<GTlsCertificate> : ObjectRefs {};
template <>
struct Refs<GSocketConnectable> : ObjectRefs {};

namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using std::chrono::days;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

/// GnuTLS and OpenSSL judge by the real clock.
const TimePoint now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());

const Names names = make_names("Pi4", {"127.0.0.1", "192.0.2.7", "2001:db8::7"});

std::string read_text(const fs::path& file) {
  std::ostringstream text;
  text << std::ifstream(file).rdbuf();
  return text.str();
}

void write_text(const fs::path& file, std::string_view text) { std::ofstream(file) << text; }

fs::perms mode_of(const fs::path& file) { return fs::status(file).permissions(); }

template <class T>
T must(Result<T> result) {
  if (!result) ADD_FAILURE() << result.error().message;
  return result ? std::move(*result) : T{};
}

std::string all(const std::vector<std::string>& notices) {
  std::string text;
  for (const auto& notice : notices) {
    EXPECT_EQ(notice.find('\n'), notice.npos) << notice;
    EXPECT_EQ(notice.find("PRIVATE KEY"), notice.npos);
    text += notice + "\n";
  }
  return text;
}

Certificate first_of(const std::string& pem) {
  auto certificates = read_certificates(pem);
  if (!certificates) ADD_FAILURE() << certificates.error().message;
  return certificates ? std::move(certificates->front()) : nullptr;
}

/// What a TLS client that trusts the authority finds wrong: GnuTLS's status bits, 0 for nothing.
unsigned verify(const std::string& server_pem, const std::string& ca_pem, std::string host) {
  const auto server = first_of(server_pem), ca = first_of(ca_pem);
  gnutls_x509_trust_list_t list = nullptr;
  gnutls_x509_trust_list_init(&list, 0);
  gnutls_x509_crt_t raw_ca = ca.get(), raw_server = server.get();
  gnutls_x509_trust_list_add_cas(list, &raw_ca, 1, 0);
  // An address is not looked for among the names, nor a name among the addresses.
  auto bytes = parse_address(host);
  std::string purpose = GNUTLS_KP_TLS_WWW_SERVER;
  const auto datum = [](auto& text) { return reinterpret_cast<unsigned char*>(text.data()); };
  gnutls_typed_vdata_st wanted[] = {
      bytes ? gnutls_typed_vdata_st{GNUTLS_DT_IP_ADDRESS, datum(*bytes), static_cast<unsigned>(bytes->size())}
            : gnutls_typed_vdata_st{GNUTLS_DT_DNS_HOSTNAME, datum(host), 0},
      {GNUTLS_DT_KEY_PURPOSE_OID, datum(purpose), 0}};
  unsigned status = ~0u;
  gnutls_x509_trust_list_verify_crt2(list, &raw_server, 1, wanted, 2, 0, &status, nullptr);
  gnutls_x509_trust_list_deinit(list, 0);
  return status;
}

std::string common_name_of(const Certificate& certificate) {
  std::string name(256, '\0');
  std::size_t size = name.size();
  gnutls_x509_crt_get_dn_by_oid(certificate.get(), GNUTLS_OID_X520_COMMON_NAME, 0, 0, name.data(), &size);
  return name.substr(0, size);
}

/// No file can be written, not even by root.
class FullDisk {
 public:
  FullDisk() : old_handler_(std::signal(SIGXFSZ, SIG_IGN)) {
    getrlimit(RLIMIT_FSIZE, &old_limit_);
    const rlimit none{0, old_limit_.rlim_max};
    setrlimit(RLIMIT_FSIZE, &none);
  }
  ~FullDisk() {
    setrlimit(RLIMIT_FSIZE, &old_limit_);
    std::signal(SIGXFSZ, old_handler_);
  }
  FullDisk(const FullDisk&) = delete;
  FullDisk& operator=(const FullDisk&) = delete;

 private:
  void (*old_handler_)(int);
  rlimit old_limit_{};
};

class Certificates : public testing::Test {
 protected:
  Certificates() {
    std::string pattern = (fs::temp_directory_path() / "voicecast-XXXXXX").string();
    dir_ = fs::path(mkdtemp(pattern.data())) / "state";
  }
  ~Certificates() override { fs::remove_all(dir_.parent_path()); }

  ServerIdentity ensure(const Names& wanted = names, TimePoint at = now) {
    return must(ensure_identity(dir_, wanted, at));
  }
  fs::path beside(const char* name) { return dir_.parent_path() / name; }

  fs::path dir_;
};

TEST_F(Certificates, AreMadeOnceAndKept) {
  const auto first = ensure();
  EXPECT_THAT(all(first.notices), HasSubstr("made a certificate authority for this server: " + dir_.string()));
  EXPECT_THAT(all(first.notices), HasSubstr(sha256_of(first_of(first.ca_pem))));
  EXPECT_EQ(first.ca_pem.find("PRIVATE KEY"), std::string::npos);
  const auto second = ensure();
  EXPECT_EQ(second.pem, first.pem);
  EXPECT_EQ(second.ca_pem, first.ca_pem);
  EXPECT_EQ(second.expires, first.expires);
  EXPECT_THAT(second.notices, IsEmpty());
}

TEST_F(Certificates, AreFilesForTheirOwnerOnly) {
  ensure();
  EXPECT_EQ(mode_of(dir_), fs::perms(0700));
  EXPECT_EQ(mode_of(dir_ / "ca.pem"), fs::perms(0600));
  EXPECT_EQ(mode_of(dir_ / "server.pem"), fs::perms(0600));
  EXPECT_EQ(mode_of(dir_ / "ca.crt") & fs::perms(0600), fs::perms(0600));
  EXPECT_EQ(read_text(dir_ / "ca.crt").find("PRIVATE KEY"), std::string::npos);
  std::vector<std::string> files;
  for (const auto& entry : fs::directory_iterator(dir_)) files.push_back(entry.path().filename());
  EXPECT_THAT(files, testing::UnorderedElementsAre("ca.pem", "ca.crt", "server.pem"));
}

TEST_F(Certificates, LeaveADirectoryThatExistsAsItIs) {
  fs::create_directory(dir_);
  fs::permissions(dir_, fs::perms(0750));
  ensure();
  EXPECT_EQ(mode_of(dir_), fs::perms(0750));
}

TEST_F(Certificates, ReadableByOthersAreClosed) {
  const auto before = ensure();
  fs::permissions(dir_ / "server.pem", fs::perms(0644));
  const auto after = ensure();
  EXPECT_EQ(after.pem, before.pem);
  EXPECT_THAT(all(after.notices), HasSubstr("server.pem holds a secret and was open to other users"));
  EXPECT_EQ(mode_of(dir_ / "server.pem"), fs::perms(0600));
  EXPECT_THAT(ensure().notices, IsEmpty());
}

TEST_F(Certificates, ConvinceAClient) {
  const auto identity = ensure();
  for (const auto* host : {"localhost", "pi4", "PI4", "pi4.local", "127.0.0.1", "::1", "192.0.2.7", "2001:db8::7"})
    EXPECT_EQ(verify(identity.pem, identity.ca_pem, host), 0u) << host;
  for (const auto* host : {"pi5", "local", "x.pi4.local", "192.0.2.8", "2001:db8::8"})
    EXPECT_NE(verify(identity.pem, identity.ca_pem, host), 0u) << host;
  const auto other_ca = must(make_ca("pi4", now));
  EXPECT_NE(verify(identity.pem, other_ca, "localhost"), 0u);
}

TEST_F(Certificates, MeetBrowserRequirements) {
  const auto identity = ensure();
  const auto ca = first_of(identity.ca_pem), server = first_of(identity.pem);
  unsigned critical = 0, is_ca = 0, usage = 0, bits = 0;
  int path_length = -1;
  gnutls_x509_crt_get_basic_constraints(ca.get(), &critical, &is_ca, &path_length);
  EXPECT_EQ(std::tuple(critical, is_ca, path_length), std::tuple(1u, 1u, 0));
  gnutls_x509_crt_get_basic_constraints(server.get(), &critical, &is_ca, &path_length);
  EXPECT_EQ(is_ca, 0u);
  gnutls_x509_crt_get_key_usage(ca.get(), &usage, &critical);
  EXPECT_EQ(usage, unsigned(GNUTLS_KEY_KEY_CERT_SIGN | GNUTLS_KEY_CRL_SIGN));
  gnutls_x509_crt_get_key_usage(server.get(), &usage, &critical);
  EXPECT_EQ(usage, unsigned(GNUTLS_KEY_DIGITAL_SIGNATURE));
  for (const auto* certificate : {&ca, &server}) {
    EXPECT_EQ(gnutls_x509_crt_get_pk_algorithm(certificate->get(), &bits), GNUTLS_PK_ECDSA);
    EXPECT_EQ(bits, 256u);
    EXPECT_EQ(gnutls_x509_crt_get_version(certificate->get()), 3);
    EXPECT_EQ(gnutls_x509_crt_get_signature_algorithm(certificate->get()), GNUTLS_SIGN_ECDSA_SHA256);
  }
  EXPECT_EQ(common_name_of(ca), "voicecast local CA (pi4)");
  EXPECT_LE(begin_of(server), now);
  EXPECT_GE(begin_of(server), begin_of(ca));
  EXPECT_LE(end_of(server) - begin_of(server) + 1s, days(397));  // the last second counts
  EXPECT_GE(end_of(server), now + days(390));
  EXPECT_EQ(identity.expires, end_of(server));
  EXPECT_GE(end_of(ca), now + days(3650));
}

TEST_F(Certificates, HaveRandomSerials) {
  std::set<std::string> serials;
  for (int i = 0; i < 8; ++i) {
    const auto ca = first_of(must(make_ca("pi4", now)));
    std::string serial(64, '\0');
    std::size_t size = serial.size();
    ASSERT_EQ(gnutls_x509_crt_get_serial(ca.get(), serial.data(), &size), 0);
    EXPECT_EQ(size, 16u);
    EXPECT_FALSE(serial[0] & 0x80);
    serials.insert(serial.substr(0, size));
  }
  EXPECT_EQ(serials.size(), 8u);
}

TEST(PeerCertificate, IsSelfSignedAndLongLived) {
  const auto pem = must(make_peer_certificate(now));
  EXPECT_TRUE(pem.starts_with("-----BEGIN CERTIFICATE-----"));  // and not with its secret
  const auto both = must(read_key_and_chain(pem));
  ASSERT_EQ(both.chain.size(), 1u);
  const auto& certificate = both.chain.front();
  EXPECT_TRUE(is_pair(both.key, certificate));
  EXPECT_EQ(gnutls_x509_crt_check_issuer(certificate.get(), certificate.get()), 1);
  EXPECT_EQ(gnutls_x509_crt_get_pk_algorithm(certificate.get(), nullptr), GNUTLS_PK_ECDSA);
  EXPECT_LT(begin_of(certificate), now);
  EXPECT_GT(end_of(certificate), now + days(365 * 90));
}

TEST_F(Certificates, AreAcceptedByGio) {
  if (!g_tls_backend_supports_tls(g_tls_backend_get_default())) GTEST_SKIP() << "no glib-networking";
  const auto identity = ensure();
  const auto load = [](const std::string& pem) {
    return GPtr<GTlsCertificate>::adopt(g_tls_certificate_new_from_pem(pem.data(), gssize(pem.size()), nullptr));
  };
  const auto server = load(identity.pem), ca = load(identity.ca_pem);
  ASSERT_TRUE(server && ca);
  EXPECT_TRUE(g_tls_certificate_get_issuer(server.get()));
  GByteArray* key = nullptr;
  g_object_get(server.get(), "private-key", &key, nullptr);
  ASSERT_TRUE(key);
  g_byte_array_unref(key);
  const auto host = GPtr<GSocketConnectable>::adopt(g_network_address_new("pi4.local", 8443));
  EXPECT_EQ(g_tls_certificate_verify(server.get(), host.get(), ca.get()), 0);
}

TEST_F(Certificates, AreAcceptedByOpenssl) {
  const GUnique<char> openssl(g_find_program_in_path("openssl"));
  if (!openssl) GTEST_SKIP() << "no openssl";
  ensure();
  const auto ca = (dir_ / "ca.crt").string(), server = (dir_ / "server.pem").string();
  const auto run = [&](std::vector<const char*> more) {
    std::vector<const char*> words = {openssl.get(), "verify",  "-x509_strict", "-purpose",
                                      "sslserver",   "-CAfile", ca.c_str()};
    words.insert(words.end(), more.begin(), more.end());
    words.insert(words.end(), {server.c_str(), nullptr});
    char *out = nullptr, *err = nullptr;
    int status = -1;
    g_spawn_sync(nullptr, const_cast<char**>(words.data()), nullptr, G_SPAWN_DEFAULT, nullptr, nullptr, &out, &err,
                 &status, nullptr);
    const GUnique<char> owned_out(out), owned_err(err);
    return std::pair(status, std::string(out) + err);
  };
  for (const auto& more : std::vector<std::vector<const char*>>{{},
                                                                {"-verify_hostname", "localhost"},
                                                                {"-verify_hostname", "pi4.local"},
                                                                {"-verify_ip", "192.0.2.7"},
                                                                {"-verify_ip", "2001:db8::7"}}) {
    const auto [status, words] = run(more);
    EXPECT_EQ(status, 0) << words;
  }
  EXPECT_NE(run({"-verify_hostname", "evil.example.com"}).first, 0);
}

TEST_F(Certificates, NearTheirEndAreRenewed) {
  const auto first = ensure();
  const auto before = ensure(names, first.expires - renewal_window - 1s);
  EXPECT_EQ(before.pem, first.pem);
  const auto at = first.expires - renewal_window;
  const auto renewed = ensure(names, at);
  EXPECT_NE(renewed.pem, first.pem);
  EXPECT_EQ(renewed.ca_pem, first.ca_pem);
  EXPECT_GT(renewed.expires, first.expires + days(300));
  EXPECT_THAT(all(renewed.notices), HasSubstr("it ends on " + date_text(first.expires)));
  EXPECT_EQ(ensure(names, at).pem, renewed.pem);
  EXPECT_NE(ensure(names, renewed.expires + days(1000)).pem, renewed.pem);
}

TEST_F(Certificates, HaveARenewalWindow) {
  const auto identity = ensure();
  const auto ca = read_text(dir_ / "ca.pem");
  EXPECT_FALSE(why_renew(identity.pem, ca, names, now, days(300)));
  EXPECT_TRUE(why_renew(identity.pem, ca, names, now, days(396)));
  EXPECT_FALSE(why_renew(identity.pem, ca, names, identity.expires - 1s, 0s));
  EXPECT_TRUE(why_renew(identity.pem, ca, names, identity.expires, 0s));
}

TEST_F(Certificates, FollowTheNamesAndAddresses) {
  const auto first = ensure();
  const auto fewer = ensure(make_names("pi4", {}));
  EXPECT_EQ(fewer.pem, first.pem) << "an address that went away is no reason";
  const auto moved = ensure(make_names("pi4", {"198.51.100.7"}));
  EXPECT_NE(moved.pem, first.pem);
  EXPECT_EQ(moved.ca_pem, first.ca_pem);
  EXPECT_THAT(all(moved.notices), HasSubstr("it does not cover 198.51.100.7"));
  EXPECT_EQ(verify(moved.pem, moved.ca_pem, "198.51.100.7"), 0u);
  const auto renamed = ensure(make_names("kitchen", {}));
  EXPECT_EQ(renamed.ca_pem, first.ca_pem) << "a new name is no reason to have it installed again";
  EXPECT_THAT(all(renamed.notices), HasSubstr("it does not cover kitchen"));
  EXPECT_EQ(verify(renamed.pem, renamed.ca_pem, "kitchen.local"), 0u);
}

TEST_F(Certificates, BrokenAreRegenerated) {
  const auto good = ensure();
  const auto other_ca = must(make_ca("pi4", now));
  const auto other = must(make_server_certificate(other_ca, names, now));
  const auto key_end = good.pem.find("-----BEGIN CERTIFICATE");
  const auto other_key = other.substr(0, other.find("-----BEGIN CERTIFICATE"));
  std::string flipped = good.pem;
  flipped[key_end + 200] = flipped[key_end + 200] == 'A' ? 'B' : 'A';
  const std::string texts[] = {
      "",
      "nonsense",
      std::string(1000, '\0'),
      good.pem.substr(0, good.pem.size() / 2),
      good.pem.substr(key_end),
      good.pem.substr(0, key_end),
      other_key + good.pem.substr(key_end),
      other,
      flipped,
      // Rightly signed, but what follows is not what signed it, or nothing.
      good.pem.substr(0, good.pem.rfind("-----BEGIN CERTIFICATE")) + other_ca.substr(other_ca.find("-----BEGIN CERT")),
      good.pem.substr(0, good.pem.rfind("-----BEGIN CERTIFICATE")),
  };
  for (const auto& text : texts) {
    write_text(dir_ / "server.pem", text);
    const auto mended = ensure();
    EXPECT_NE(mended.pem, text);
    EXPECT_EQ(mended.ca_pem, good.ca_pem);
    EXPECT_EQ(verify(mended.pem, mended.ca_pem, "localhost"), 0u);
    EXPECT_THAT(all(mended.notices), HasSubstr("made a certificate for this server: "));
    EXPECT_THAT(ensure().notices, IsEmpty());
  }
}

TEST_F(Certificates, AuthorityIsReplacedOnlyWhenUnusable) {
  const auto good = ensure();
  const auto good_ca = read_text(dir_ / "ca.pem");
  const std::string texts[] = {
      "",
      "nonsense",
      good.ca_pem,
      good_ca.substr(0, good_ca.find("-----BEGIN CERT")),
      read_text(dir_ / "server.pem"),  // a pair, but no authority
      must(make_ca("pi4", now)).substr(0, good_ca.find("-----BEGIN CERT")) + good.ca_pem,
  };
  for (const auto& text : texts) {
    const auto before = read_text(dir_ / "ca.crt");
    write_text(dir_ / "ca.pem", text);
    const auto mended = ensure();
    EXPECT_NE(mended.ca_pem, before);
    EXPECT_EQ(read_text(dir_ / "ca.crt"), mended.ca_pem);
    EXPECT_EQ(read_text(dir_ / "ca.pem.old"), text);
    EXPECT_EQ(mode_of(dir_ / "ca.pem.old"), fs::perms(0600));
    EXPECT_EQ(verify(mended.pem, mended.ca_pem, "localhost"), 0u);
    EXPECT_THAT(all(mended.notices), HasSubstr("must install the new one"));
    EXPECT_THAT(ensure().notices, IsEmpty());
  }
}

TEST_F(Certificates, UnreadableAuthorityIsNotReplaced) {
  ensure();
  fs::remove(dir_ / "ca.pem");
  ASSERT_EQ(mkfifo((dir_ / "ca.pem").c_str(), 0600), 0);
  const auto identity = ensure_identity(dir_, names, now);
  ASSERT_FALSE(identity);
  EXPECT_THAT(identity.error().message, HasSubstr((dir_ / "ca.pem").string()));
  EXPECT_TRUE(fs::is_fifo(dir_ / "ca.pem"));
}

TEST_F(Certificates, UnwritableAuthorityIsNotGenerated) {
  const auto identity = [&] {
    const FullDisk full;
    return ensure_identity(dir_, names, now);
  }();
  ASSERT_FALSE(identity);
  EXPECT_THAT(identity.error().message, HasSubstr((dir_ / "ca.pem").string()));
  EXPECT_TRUE(fs::is_empty(dir_));
}

TEST_F(Certificates, UnwritableAreUsed) {
  const auto first = ensure();
  const auto renewed = [&] {
    const FullDisk full;
    return ensure(names, first.expires);
  }();
  EXPECT_GT(renewed.expires, first.expires);
  EXPECT_THAT(all(renewed.notices), HasSubstr("cannot write " + (dir_ / "server.pem").string()));
  EXPECT_EQ(read_text(dir_ / "server.pem"), first.pem);
}

TEST_F(Certificates, CopyOfAuthorityIsUpdated) {
  const auto identity = ensure();
  write_text(dir_ / "ca.crt", "nonsense");
  EXPECT_EQ(ensure().ca_pem, identity.ca_pem);
  EXPECT_EQ(read_text(dir_ / "ca.crt"), identity.ca_pem);
}

TEST_F(Certificates, DoNotOutliveTheirAuthority) {
  const auto first = ensure();
  const auto end = end_of(first_of(first.ca_pem));
  const auto late = ensure(names, end - days(100));
  EXPECT_EQ(late.ca_pem, first.ca_pem);
  EXPECT_EQ(late.expires, end);
  EXPECT_THAT(ensure(names, end - renewal_window - 1s).notices, IsEmpty());
  const auto next = ensure(names, end - renewal_window);
  EXPECT_NE(next.ca_pem, first.ca_pem);
  EXPECT_THAT(all(next.notices), HasSubstr("it ends on " + date_text(end)));
  EXPECT_THAT(ensure(names, end).notices, IsEmpty());
}

/// Browsers whose clocks are right would not take it before its first day.
TEST_F(Certificates, AuthorityOfFastClockIsReplaced) {
  const auto ahead = ensure(names, now + days(400));
  EXPECT_EQ(ensure(names, now).ca_pem, ahead.ca_pem);  // whose clock is wrong is not known
  const auto right = must(ensure_identity(dir_, names, now, true));
  EXPECT_NE(right.ca_pem, ahead.ca_pem);
  EXPECT_LE(begin_of(first_of(right.ca_pem)), now);
  EXPECT_TRUE(right.is_authority_replaced);
  EXPECT_THAT(all(right.notices), HasSubstr("the clock was ahead when it was made"));
  EXPECT_EQ(verify(right.pem, right.ca_pem, "localhost"), 0u);
  const auto again = must(ensure_identity(dir_, names, now, true));
  EXPECT_EQ(again.pem, right.pem);
  EXPECT_FALSE(again.is_authority_replaced);
  EXPECT_THAT(again.notices, IsEmpty());
}

/// Devices trust the one before it.
TEST_F(Certificates, AuthorityExpiredByFastClockIsUsedAgain) {
  const auto good = ensure();
  const auto ahead = ensure(names, end_of(first_of(good.ca_pem)));
  EXPECT_NE(ahead.ca_pem, good.ca_pem);
  const auto right = must(ensure_identity(dir_, names, now, true));
  EXPECT_EQ(right.ca_pem, good.ca_pem);
  EXPECT_EQ(verify(right.pem, good.ca_pem, "localhost"), 0u);
  EXPECT_THAT(all(right.notices), HasSubstr("the previous certificate authority is in use again"));
  EXPECT_EQ(must(ensure_identity(dir_, names, now, true)).pem, right.pem);
}

TEST_F(Certificates, UnsetClockReplacesNothing) {
  const auto first = ensure();
  const auto early = ensure(names, now - days(2000));
  EXPECT_EQ(early.pem, first.pem);
  EXPECT_EQ(early.ca_pem, first.ca_pem);
  // A new address at that moment: good when the clock is right, too.
  const auto moved = ensure(make_names("pi4", {"198.51.100.7"}), now - days(2000));
  EXPECT_EQ(moved.ca_pem, first.ca_pem);
  EXPECT_EQ(verify(moved.pem, moved.ca_pem, "198.51.100.7"), 0u);
}

TEST_F(Certificates, OfFastClockAreRegenerated) {
  const auto first = ensure();
  const auto future = ensure(names, now + days(1000));
  EXPECT_NE(future.pem, first.pem);
  const auto right = ensure();
  EXPECT_NE(right.pem, future.pem);
  EXPECT_EQ(verify(right.pem, right.ca_pem, "localhost"), 0u);
}

TEST_F(Certificates, OddHostNamesSettle) {
  for (const auto& host :
       {std::string("voice_server"), std::string("xn--bcher-kva"), std::string("xn--zz--"), std::string("12345"),
        std::string("a--b"), std::string("-a"), std::string("pi.example.com."), std::string(64, 'a'),
        std::string("\xc3\xb6"), std::string(60, 'a') + "." + std::string(60, 'b'), std::string(""),
        std::string("localhost.localdomain"), std::string("a b"), std::string("..."), std::string("1.2.3.4"),
        std::string("*"), std::string("*.com"), std::string("a,CN=b")}) {
    const auto odd = make_names(host, {"192.0.2.7"});
    const auto ca = must(make_ca(host, now));
    const auto server = must(make_server_certificate(ca, odd, now));
    EXPECT_EQ(why_renew(server, ca, odd, now), std::nullopt) << host;
    EXPECT_EQ(verify(server, ca, "localhost"), 0u) << host;
    for (const auto& pem : {ca, server}) EXPECT_LE(common_name_of(first_of(pem)).size(), 64u) << host;  // RFC 5280
  }
}

TEST_F(Certificates, InvalidStateDirectoryIsAnError) {
  write_text(beside("file"), "");
  const auto identity = ensure_identity(beside("file") / "state", names, now);
  ASSERT_FALSE(identity);
  EXPECT_THAT(identity.error().message, HasSubstr(beside("file").string()));
}

TEST_F(Certificates, OfConcurrentStartsMatch) {
  std::vector<ServerIdentity> made(8);
  {
    std::vector<std::jthread> threads;
    for (auto& one : made) threads.emplace_back([&] { one = ensure(); });
  }
  for (const auto& one : made) {
    EXPECT_EQ(one.ca_pem, made[0].ca_pem);
    EXPECT_EQ(one.pem, made[0].pem);
  }
  EXPECT_EQ(verify(read_text(dir_ / "server.pem"), read_text(dir_ / "ca.crt"), "localhost"), 0u);
  EXPECT_THAT(ensure().notices, IsEmpty());
}

class OperatorCertificate : public Certificates {
 protected:
  OperatorCertificate() {
    const auto pem = must(make_server_certificate(must(make_ca("pi4", now)), names, now));
    const auto end = pem.find("-----BEGIN CERTIFICATE");
    key_pem_ = pem.substr(0, end);
    chain_pem_ = pem.substr(end);
    write_text(certificate_, chain_pem_);
    write_text(key_, key_pem_);
  }
  std::string error(TimePoint at = now) {
    const auto identity = load_operator_certificate(certificate_, key_, at);
    if (identity) return "none";
    EXPECT_EQ(identity.error().message.find('\n'), std::string::npos);
    return identity.error().message;
  }

  const fs::path certificate_ = beside("cert.pem"), key_ = beside("key.pem");
  std::string key_pem_, chain_pem_;
};

TEST_F(OperatorCertificate, IsUsedUnchanged) {
  const auto identity = must(load_operator_certificate(certificate_, key_, now));
  EXPECT_EQ(identity.pem, key_pem_ + chain_pem_);
  EXPECT_EQ(identity.ca_pem, "");
  EXPECT_EQ(identity.expires, end_of(first_of(chain_pem_)));
  EXPECT_THAT(identity.notices, IsEmpty());
}

TEST_F(OperatorCertificate, MayBeOneFileInAnyOrder) {
  write_text(certificate_, "a comment\n" + chain_pem_ + key_pem_);
  EXPECT_EQ(must(load_operator_certificate(certificate_, certificate_, now)).pem, key_pem_ + chain_pem_);
}

TEST_F(OperatorCertificate, NearItsEndIsUsedWithANotice) {
  const auto end = end_of(first_of(chain_pem_));
  const auto identity = must(load_operator_certificate(certificate_, key_, end - renewal_window));
  EXPECT_THAT(all(identity.notices), HasSubstr("expires on " + date_text(end)));
}

TEST_F(OperatorCertificate, MissingIsAnError) {
  fs::remove(key_);
  EXPECT_THAT(error(), HasSubstr("cannot read " + key_.string() + ": No such file"));
  fs::remove(certificate_);
  EXPECT_THAT(error(), HasSubstr("cannot read " + certificate_.string() + ": No such file"));
  fs::create_directory(certificate_);
  EXPECT_THAT(error(), HasSubstr(certificate_.string() + ": not a regular file"));
}

TEST_F(OperatorCertificate, BrokenIsAnError) {
  for (const auto& text : {std::string(), std::string("nonsense"), key_pem_, chain_pem_.substr(0, 300)}) {
    write_text(certificate_, text);
    EXPECT_THAT(error(), HasSubstr(certificate_.string() + ": no certificate in PEM form"));
  }
  write_text(certificate_, std::string((1 << 20) + 1, 'x'));
  EXPECT_THAT(error(), HasSubstr("too large"));
}

TEST_F(OperatorCertificate, WithTooManyIsAnError) {
  std::string many;
  for (int i = 0; i < 20; ++i) many += chain_pem_;
  write_text(certificate_, many);
  EXPECT_THAT(error(), HasSubstr("too many certificates"));
}

/// As `openssl ecparam -genkey` writes it.
TEST_F(OperatorCertificate, MayHaveItsKeyBehindParameters) {
  write_text(key_, "-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n" + key_pem_);
  EXPECT_EQ(error(), "none");
}

/// A year that no TimePoint can say.
TEST(Certificate, HasItsNames) {
  const auto pem = must(make_server_certificate(must(make_ca("pi", now)), make_names("pi", {"fd00::10"}), now));
  EXPECT_THAT(names_in(first_of(pem)), ElementsAre("localhost", "pi", "pi.local", "127.0.0.1", "::1", "fd00::10"));
  EXPECT_THAT(names_in(first_of(must(make_ca("pi", now)))), IsEmpty());
}

TEST(Certificate, MayEndInAFarFuture) {
  gnutls_x509_crt_t raw = nullptr;
  gnutls_x509_crt_init(&raw);
  const Certificate certificate(raw);
  gnutls_x509_crt_set_expiration_time(raw, 250000000000);
  EXPECT_EQ(date_text(end_of(certificate)), "2200-01-01");
}

TEST_F(OperatorCertificate, WithBrokenKeyIsAnError) {
  for (const auto& text : {std::string(), std::string("nonsense"), chain_pem_}) {
    write_text(key_, text);
    EXPECT_THAT(error(), HasSubstr(key_.string() + ": no private key in PEM form"));
  }
  for (const auto& text : {key_pem_.substr(0, 60), std::string(key_pem_).replace(40, 20, std::string(20, 'A'))}) {
    write_text(key_, text);
    EXPECT_THAT(error(), HasSubstr(key_.string() + ": the private key is broken"));
  }
}

TEST_F(OperatorCertificate, WithEncryptedKeyIsAnError) {
  const auto key = read_key(key_pem_);
  gnutls_datum_t pem{};
  ASSERT_EQ(
      gnutls_x509_privkey_export2_pkcs8(key->get(), GNUTLS_X509_FMT_PEM, "secret", GNUTLS_PKCS_PBES2_AES_256, &pem), 0);
  write_text(key_, {reinterpret_cast<char*>(pem.data), pem.size});
  gnutls_free(pem.data);
  EXPECT_THAT(error(), HasSubstr(key_.string() + ": the private key is encrypted"));
}

TEST_F(OperatorCertificate, WithWrongKeyIsAnError) {
  write_text(key_, must(make_ca("pi4", now)));
  EXPECT_THAT(error(), HasSubstr(key_.string() + ": the key does not belong to the first certificate in " +
                                 certificate_.string()));
}

TEST_F(OperatorCertificate, OutsideItsValidityIsAnError) {
  const auto certificate = first_of(chain_pem_);
  const auto begin = begin_of(certificate), end = end_of(certificate);
  EXPECT_EQ(error(begin), "none");
  EXPECT_THAT(error(begin - 1s), HasSubstr(certificate_.string() + ": the certificate is not valid before"));
  EXPECT_EQ(error(end - 1s), "none");
  EXPECT_THAT(error(end), HasSubstr(certificate_.string() + ": the certificate expired on " + date_text(end)));
}

TEST_F(OperatorCertificate, IsWatched) {
  CertificateFiles files(certificate_, key_);
  EXPECT_FALSE(files.changed());
  write_text(beside("new"), key_pem_);
  fs::rename(beside("new"), key_);
  EXPECT_TRUE(files.changed());
  EXPECT_FALSE(files.changed());
  write_text(certificate_, chain_pem_ + "\n");
  EXPECT_TRUE(files.changed());
  EXPECT_FALSE(files.changed());
  fs::remove(certificate_);
  EXPECT_TRUE(files.changed());
  EXPECT_FALSE(files.changed());
  write_text(beside("target"), chain_pem_);
  fs::create_symlink(beside("target"), certificate_);
  EXPECT_TRUE(files.changed());
  EXPECT_FALSE(files.changed());
  write_text(beside("target2"), chain_pem_);
  fs::rename(beside("target2"), beside("target"));
  EXPECT_TRUE(files.changed());
  fs::permissions(key_, fs::perms(0400));
  EXPECT_TRUE(files.changed());
  EXPECT_FALSE(files.changed());
}

TEST(Names, FollowFromTheHostName) {
  EXPECT_THAT(make_names("Pi4", {}).dns, ElementsAre("localhost", "pi4", "pi4.local"));
  EXPECT_THAT(make_names("pi4.example.com", {}).dns, ElementsAre("localhost", "pi4.example.com", "pi4", "pi4.local"));
  EXPECT_THAT(make_names("pi4.", {}).dns, ElementsAre("localhost", "pi4", "pi4.local"));
  EXPECT_THAT(make_names("pi4.local", {}).dns, ElementsAre("localhost", "pi4.local", "pi4"));
  for (const auto* host : {"", "localhost", "a b", "l\xc3\xb6we", "192.0.2.7", "a..b", ".a", "*.com"})
    EXPECT_THAT(make_names(host, {}).dns, ElementsAre("localhost")) << host;
  EXPECT_THAT(make_names(std::string(63, 'a'), {}).dns, testing::SizeIs(3));
  EXPECT_THAT(make_names(std::string(64, 'a'), {}).dns, testing::SizeIs(1));
}

TEST(Names, HaveEachAddressOnce) {
  EXPECT_THAT(make_names("pi", {"192.0.2.7", "::1", "2001:DB8:0::7", "2001:db8::7", "nonsense", "192.0.2.7"}).addresses,
              ElementsAre("127.0.0.1", "::1", "192.0.2.7", "2001:db8::7"));
  std::vector<std::string> many;
  for (int i = 0; i < 200; ++i) many.push_back("10.0.0." + std::to_string(i));
  EXPECT_THAT(make_names("pi", many).addresses, testing::SizeIs(64));
}

TEST(Names, TemporaryAddressesAreKnown) {
  EXPECT_THAT(temporary_addresses("20010db8000000000000000000000007 02 40 00 80     eth0\n"
                                  "20010db80000000071e5f0a1b2c3d4e5 02 40 00 01     eth0\n"
                                  "20010db80000000071e5f0a1b2c3d4e6 02 40 00 21     eth0\n"
                                  "fe800000000000000000000000000001 02 40 20 80     eth0\n"),
              ElementsAre("2001:db8::71e5:f0a1:b2c3:d4e5", "2001:db8::71e5:f0a1:b2c3:d4e6"));
  EXPECT_THAT(temporary_addresses(""), IsEmpty());
  EXPECT_THAT(temporary_addresses("nonsense\n"), IsEmpty());
}

TEST(Names, OfThisMachine) {
  const auto here = current_names();
  EXPECT_THAT(here.dns, Contains("localhost"));
  EXPECT_THAT(here.addresses, testing::IsSupersetOf({"127.0.0.1", "::1"}));
  for (const auto& address : here.addresses) EXPECT_FALSE(address.starts_with("fe80")) << address;
  EXPECT_EQ(here, current_names());
}

}  // namespace
}  // namespace voicecast
