// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "doctor/address_check.hpp"
#include "doctor/certificate_check.hpp"
#include "doctor/report.hpp"
#include "tls/local_ca.hpp"
#include "unit/doctor/print_finding.hpp"

namespace voicecast {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::Field;
using testing::HasSubstr;

auto finds(Level level, const std::string& words, const std::string& advice = "") {
  return AllOf(Field(&Finding::level, level), Field(&Finding::words, HasSubstr(words)),
               Field(&Finding::advice, HasSubstr(advice)));
}

// Addresses

AddressFacts at_home() {
  return {{{"lo", "127.0.0.1"}, {"eth0", "192.168.1.10"}, {"eth0", "fd00::10"}, {"eth0", "fe80::1"}, {"lo", "::1"}},
          {"192.168.1.10", "fd00::10"},
          {}};
}

AddressFacts with(std::vector<std::string> ice_addresses) {
  auto facts = at_home();
  facts.ice.addresses = std::move(ice_addresses);
  return facts;
}

TEST(Addresses, AreWebRtcCandidates) {
  EXPECT_EQ(check_addresses(at_home()),
            Findings{ok("addresses", "WebRTC uses 192.168.1.10 (eth0) and fd00::10 (eth0)")});
  EXPECT_THAT(candidate_addresses(at_home()), ElementsAre("192.168.1.10", "fd00::10"));
}

TEST(Addresses, AreNeededOutsideOfLoopback) {
  AddressFacts facts{{{"lo", "127.0.0.1"}, {"eth0", "fe80::1"}}, {}, {}};
  EXPECT_THAT(check_addresses(facts),
              ElementsAre(finds(Level::problem, "only 127.0.0.1 (lo) and fe80::1 (eth0)", "--ice-address 127.0.0.1")));
}

TEST(Addresses, OfContainersAreUnreachable) {
  auto facts = at_home();
  facts.all.push_back({"br-0a1b2c3d4e5f", "172.18.0.1"});
  facts.default_candidates.insert(facts.default_candidates.begin(), "172.18.0.1");
  EXPECT_THAT(check_addresses(facts),
              ElementsAre(finds(Level::warning, "172.18.0.1 (br-0a1b2c3d4e5f)", "--ice-address 192.168.1.10.")));
  facts.default_candidates = {"172.18.0.1"};
  EXPECT_THAT(check_addresses(facts), ElementsAre(finds(Level::warning, "172.18.0.1", "Connect a network.")));
}

TEST(Addresses, MayBeTooMany) {
  AddressFacts facts;
  for (int i = 1; i <= 8; ++i) {
    facts.default_candidates.push_back("10.0.0." + std::to_string(i));
    facts.all.push_back({"eth" + std::to_string(i), facts.default_candidates.back()});
  }
  EXPECT_THAT(check_addresses(facts), ElementsAre(finds(Level::ok, "10.0.0.8 (eth8)")));
  facts.default_candidates.push_back("10.0.0.9");
  EXPECT_THAT(check_addresses(facts), ElementsAre(finds(Level::warning, "10.0.0.9", "--ice-address")));
}

TEST(Addresses, OfOptionMustExist) {
  EXPECT_THAT(check_addresses(with({"10.9.9.9"})),
              ElementsAre(finds(Level::problem, "no 10.9.9.9", "192.168.1.10 (eth0) and fd00::10 (eth0).")));
  EXPECT_THAT(check_addresses(with({"10.9.9.9", "FD00:0::10"})),
              ElementsAre(finds(Level::warning, "no 10.9.9.9"), finds(Level::ok, "uses fd00::10 (eth0)")));
  EXPECT_THAT(check_addresses(with({"127.0.0.1"})), ElementsAre(finds(Level::ok, "on this machine only")));
}

Finding of_nat(AddressFacts facts, const std::string& address) {
  facts.ice.public_address = address;
  return check_addresses(facts).back();
}

TEST(Nat, HasAPublicAddressOfTheSameKindAndKnownPorts) {
  auto facts = at_home();
  EXPECT_THAT(of_nat(facts, "203.0.113.7"), finds(Level::warning, "any UDP port", "--ice-port-range"));
  facts.ice.ports = PortRange{50000, 50999};
  EXPECT_THAT(of_nat(facts, "203.0.113.7"), finds(Level::ok, "50000-50999"));
  EXPECT_THAT(of_nat(facts, "10.0.0.1"), finds(Level::warning, "not a public address"));
  EXPECT_THAT(of_nat(facts, "192.168.1.10"), finds(Level::warning, "own address"));
  facts.default_candidates = {"fd00::10"};
  EXPECT_THAT(of_nat(facts, "203.0.113.7"), finds(Level::warning, "has no effect"));
  facts = with({"10.9.9.9"});
  EXPECT_THAT(of_nat(facts, "203.0.113.7"), finds(Level::problem, "no 10.9.9.9"));
}

// Certificates

using namespace std::chrono_literals;
using std::chrono::days;

const TimePoint noon = std::chrono::sys_days{std::chrono::year{2026} / 3 / 1} + 12h;
const Names home = make_names("pi", {"192.168.1.10"});

StateFile file(const Result<std::string>& text) { return {*text, std::nullopt, false}; }
StateFile no_file(ErrorCode code = ErrorCode::not_found) { return {{}, Error{code, "cannot read it"}, false}; }

CertificateFacts own(StateFile authority, StateFile server, DirectoryFacts state = {"/state", true, {}, 0, false}) {
  return {TlsMode::automatic, noon, home, {std::move(state), std::move(authority), std::move(server)}, {}};
}

/// A certificate of the machine's current or former names.
CertificateFacts made(TimePoint when = noon, const Names& names = home) {
  const auto ca = make_ca("pi", when);
  return own(file(ca), file(make_server_certificate(*ca, names, when)));
}

TEST(OwnCertificate, CoversThisMachine) {
  EXPECT_EQ(check_certificate(made()),
            (Findings{ok("state", "/state"), ok("certificate",
                                                "the server's own, until 2027-04-01, for pi and "
                                                "192.168.1.10")}));
}

TEST(OwnCertificate, IsGeneratedIfMissing) {
  EXPECT_THAT(
      check_certificate(own(no_file(), no_file(), {"/state", false, {}, 0, false})),
      ElementsAre(finds(Level::ok, "/state, created by the server"), finds(Level::ok, "when the server starts")));
  EXPECT_THAT(check_certificate(own(no_file(), no_file(), {"/state", true, "Read-only file system", 0, false})),
              ElementsAre(finds(Level::problem, "Read-only file system", "--state-dir"),
                          finds(Level::ok, "when the server starts")));
}

TEST(OwnCertificate, NeedsRoom) {
  const DirectoryFacts full{"/state", true, "the disk is full", 10, true};
  EXPECT_THAT(check_certificate(own(no_file(), no_file(), full))[0], finds(Level::problem, "full", "Free space"));
}

TEST(OwnCertificate, NeedsNoWritingWhileValid) {
  auto facts = made();
  facts.own.state.error = "Permission denied";
  EXPECT_THAT(check_certificate(facts),
              ElementsAre(finds(Level::warning, "Permission denied", "chown"), finds(Level::ok, "until 2027-04-01")));
}

TEST(OwnCertificate, IsRenewedByTheServer) {
  EXPECT_THAT(check_certificate(made(noon, make_names("pi", {"10.0.0.5"})))[1],
              finds(Level::ok, "renewed by the server: it does not cover 192.168.1.10"));
  EXPECT_THAT(check_certificate(made(noon - days(390)))[1], finds(Level::ok, "renewed by the server: it ends on"));
}

TEST(OwnCertificate, HasExpiringAuthority) {
  EXPECT_THAT(check_certificate(made(noon - days(3652)))[1],
              finds(Level::warning, "is no longer valid: it ends on 2026-03-01", "/ca.crt"));
  EXPECT_THAT(check_certificate(own(file(std::string("rubbish")), no_file()))[1],
              finds(Level::warning, "is no longer valid", "/ca.crt"));
}

TEST(OwnCertificate, IsNotOfTheFuture) {
  EXPECT_THAT(check_certificate(made(noon + days(10)))[1],
              finds(Level::warning, "not valid before 2026-03-10", "Set the clock"));
}

TEST(OwnCertificate, MustBeReadableForTheServerAlone) {
  EXPECT_THAT(check_certificate(own(no_file(ErrorCode::failed), no_file())),
              ElementsAre(finds(Level::problem, "cannot read it", "chown")));
  auto facts = made();
  facts.own.authority.is_open = true;
  EXPECT_THAT(check_certificate(facts)[2], finds(Level::warning, "other users may read", "/state/ca.pem"));
}

CertificateFacts operators(TimePoint expires, std::vector<std::string> names) {
  return {TlsMode::files, noon, home, {}, {"/c.pem", "/k.pem", {}, expires, std::move(names), false}};
}

TEST(OperatorCertificate, IsValidForSomeTime) {
  EXPECT_EQ(check_certificate(operators(noon + 14 * 24h + 1s, {"voice.example.com"})),
            Findings{ok("certificate", "/c.pem, for voice.example.com, until 2026-03-15")});
  EXPECT_THAT(check_certificate(operators(noon + days(14), {"voice.example.com"})),
              ElementsAre(finds(Level::warning, "until 2026-03-15", "renew it")));
}

TEST(OperatorCertificate, IsOfThisMachine) {
  const auto later = noon + days(90);
  EXPECT_THAT(check_certificate(operators(later, {"192.168.1.10"})), ElementsAre(finds(Level::ok, "192.168.1.10")));
  EXPECT_THAT(check_certificate(operators(later, {"192.168.1.11"})),
              ElementsAre(finds(Level::warning, "192.168.1.11", "renew it")));
  EXPECT_THAT(check_certificate(operators(later, {"192.168.1.11", "a.example"})),
              ElementsAre(finds(Level::ok, "192.168.1.11 and a.example")));
  EXPECT_THAT(check_certificate(operators(later, {"a", "b", "c", "d", "e", "f"})),
              ElementsAre(finds(Level::ok, "a, b, c, d and 2 more")));
}

TEST(OperatorCertificate, ReportsTheFault) {
  auto facts = operators({}, {});
  facts.operators.error = "/c.pem: the certificate expired on 2026-01-01; renew it";
  facts.operators.is_key_open = true;
  EXPECT_THAT(check_certificate(facts), ElementsAre(finds(Level::problem, "expired on 2026-01-01", "renew it"),
                                                    finds(Level::warning, "/k.pem is readable", "chmod 640 /k.pem")));
}

TEST(NoCertificate, IsTheOperatorsChoice) {
  EXPECT_THAT(check_certificate({TlsMode::off, noon, home, {}, {}}), ElementsAre(finds(Level::ok, "--tls off")));
}

}  // namespace
}  // namespace voicecast
