// SPDX-License-Identifier: MIT

// Handshakes through a network that loses, doubles and reorders datagrams.
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iterator>

#include "dtls/dtls_record.hpp"
#include "dtls_harness.hpp"
#include "rtp/rtp_packet.hpp"

namespace voicecast {
namespace {

/// Takes the datagrams of both ends; delivers, loses or doubles one of them at each step, chosen by the seed.
class Network {
 public:
  explicit Network(unsigned seed, double loss) : random_(seed), loss_(loss) {}

  template <class A, class B>
  void step(A& a, B& b) {
    collect(a, true);
    collect(b, false);
    if (under_way_.empty()) return;
    const auto at = under_way_.begin() + static_cast<std::ptrdiff_t>(random_() % under_way_.size());
    const auto [datagram, is_from_a] = *at;
    const double fate = std::uniform_real_distribution<>(0, 1)(random_);
    if (fate >= loss_ || fate < loss_ / 2) under_way_.erase(at);  // else it comes again, later
    if (fate < loss_ / 2) return;
    if (is_from_a)
      deliver(b, datagram);
    else
      deliver(a, datagram);
  }
  bool is_empty() const { return under_way_.empty(); }

 private:
  struct UnderWay {
    Datagram datagram;
    bool is_from_a;
  };
  void collect(auto& end, bool is_a) {
    for (auto& datagram : std::exchange(end.sent, {})) under_way_.push_back({std::move(datagram), is_a});
  }
  static void deliver(auto& end, const Datagram& datagram) {
    if constexpr (requires { end.session; })
      end.session->take(datagram);
    else
      end.take(datagram);
  }
  std::mt19937 random_;
  double loss_;
  std::vector<UnderWay> under_way_;
};

struct Pair {
  explicit Pair(unsigned seed) : network(seed, 0.05 + 0.25 * seed / 40) {}
  Network network;
  DtlsEnd active{DtlsRole::active}, passive{DtlsRole::passive};
  bool is_connected() const { return active.is_connected() && passive.is_connected(); }
};

TEST(DtlsNetwork, LossDoublingAndReorderingDelayAHandshakeOnly) {
  std::deque<Pair> pairs;
  for (unsigned seed = 0; seed < 40; ++seed) pairs.emplace_back(seed).active.session->start();
  const auto step = [](Pair& pair) {
    do pair.network.step(pair.active, pair.passive);
    while (!pair.network.is_empty());
    ASSERT_FALSE(pair.active.reason || pair.passive.reason);
  };
  while (!std::ranges::all_of(pairs, &Pair::is_connected)) {
    for (auto& pair : pairs) step(pair);
    if (testing::Test::HasFatalFailure()) return;
    if (!std::ranges::all_of(pairs, &Pair::is_connected)) g_main_context_iteration(nullptr, TRUE);  // repeats
  }
  for (const auto& pair : pairs) {
    EXPECT_TRUE(pair.active.keys->ours == pair.passive.keys->theirs);
    EXPECT_TRUE(pair.active.keys->theirs == pair.passive.keys->ours);
  }
}

/// Runs the main loop until the end repeats a flight.
void await_repeat(DtlsEnd& end) {
  end.sent.clear();
  while (end.sent.empty()) g_main_context_iteration(nullptr, TRUE);
}

TEST(DtlsNetwork, EachFlightIsRepeated) {
  DtlsEnd active(DtlsRole::active), passive(DtlsRole::passive);
  active.session->start();
  await_repeat(active);
  for (const auto& datagram : active.sent) passive.session->take(datagram);
  await_repeat(passive);
  for (const auto& datagram : passive.sent) active.session->take(datagram);
  await_repeat(active);
  for (const auto& datagram : active.sent) passive.session->take(datagram);
  EXPECT_TRUE(passive.is_connected());
  passive.sent.clear();  // the last flight, repeated when the peer's comes again
  await_repeat(active);
  for (const auto& datagram : active.sent) passive.session->take(datagram);
  EXPECT_EQ(passive.sent.size(), 1U);
  for (const auto& datagram : passive.sent) active.session->take(datagram);
  EXPECT_TRUE(active.is_connected());
  EXPECT_TRUE(active.keys->ours == passive.keys->theirs);
}

TEST(DtlsNetwork, TheLastFlightIsRepeatedForOpenssl) {
  PlainEnd theirs(DtlsRole::active);
  DtlsEnd ours(DtlsRole::passive, theirs.fingerprint());
  theirs.start();
  while (!ours.is_connected()) {
    for (const auto& datagram : std::exchange(theirs.sent, {})) ours.session->take(datagram);
    if (ours.is_connected()) break;
    for (const auto& datagram : std::exchange(ours.sent, {})) theirs.take(datagram);
  }
  for (unsigned lost = 0; lost < 2; ++lost) {
    ours.sent.clear();
    theirs.repeat();
    for (const auto& datagram : std::exchange(theirs.sent, {})) ours.session->take(datagram);
    EXPECT_EQ(ours.sent.size(), 1U);
  }
  exchange(ours, theirs);
  EXPECT_TRUE(theirs.is_connected());
  theirs.shut_down();
  exchange(ours, theirs);
  EXPECT_EQ(ours.reason.value_or(Error{}).code, ErrorCode::closed);
}

/// A handshake in which the client's first flight of two or more datagrams comes in this order, by index.
void shake_hands(const std::vector<std::size_t>& order) {
  PlainEnd theirs(DtlsRole::active, {.mtu = 900, .hello_bytes = 1200});
  DtlsEnd ours(DtlsRole::passive, theirs.fingerprint());
  theirs.start();
  const auto hello = std::exchange(theirs.sent, {});
  ASSERT_EQ(hello.size(), 2U);
  for (const auto index : order) ours.session->take(hello.at(index));
  if (ours.sent.empty()) {  // a part was lost
    theirs.repeat();
    for (const auto& datagram : std::exchange(theirs.sent, {})) ours.session->take(datagram);
  }
  exchange(ours, theirs);
  ASSERT_TRUE(ours.is_connected()) << ours.reason.value_or(Error{}).message;
  EXPECT_TRUE(ours.keys->theirs == theirs.keys().ours);
}

TEST(DtlsNetwork, AClientHelloMayComeInTwoDatagrams) { shake_hands({0, 1}); }
TEST(DtlsNetwork, AClientHelloMayComeReversed) { shake_hands({1, 0}); }
TEST(DtlsNetwork, AClientHelloMayComeTwice) { shake_hands({0, 0, 1, 1, 0}); }
TEST(DtlsNetwork, AClientHelloMayLoseItsBeginning) { shake_hands({1}); }
TEST(DtlsNetwork, AClientHelloMayLoseItsEnd) { shake_hands({0}); }

/// Chromium's ClientHello with a post-quantum key share, as captured: two datagrams of one message.
std::vector<Datagram> chromium_hello() {
  std::ifstream file(VOICECAST_SOURCE_DIR "/tests/fuzz/corpus/dtls/chromium_client_hello", std::ios::binary);
  const Datagram bytes{std::istreambuf_iterator<char>(file), {}};
  std::vector<Datagram> datagrams;
  for (std::size_t at = 1; at + 2 <= bytes.size(); at += 2 + datagrams.back().size()) {
    const auto begin = bytes.begin() + static_cast<std::ptrdiff_t>(at) + 2;
    datagrams.emplace_back(begin, begin + read_u16(&bytes[at]));
  }
  return datagrams;
}

TEST(DtlsNetwork, ChromiumsClientHelloIsAnsweredOnceItIsWhole) {
  const auto hello = chromium_hello();
  ASSERT_EQ(hello.size(), 2U);
  for (const auto& order : {std::vector<std::size_t>{0, 1}, {1, 0}, {0, 0, 0, 1}, {1, 1, 1, 0}}) {
    DtlsEnd passive(DtlsRole::passive);
    for (const auto index : order) {
      EXPECT_TRUE(passive.sent.empty());
      passive.session->take(hello[index]);
    }
    ASSERT_FALSE(passive.sent.empty());
    EXPECT_EQ(passive.sent.front().at(DtlsRecord::header_bytes), 2) << "a ServerHello";
    const auto answers = passive.sent.size();
    for (const auto& datagram : hello) passive.session->take(datagram);  // repeated
    EXPECT_LE(passive.sent.size(), answers + 1);
    EXPECT_FALSE(passive.reason);
  }
}

TEST(DtlsNetwork, ADatagramFitsIntoTheMtu) {
  DtlsEnd active(DtlsRole::active, large_context()->fingerprint(), large_context());
  DtlsEnd passive(DtlsRole::passive, large_context()->fingerprint(), large_context());
  std::size_t largest_flight = 0;
  const auto deliver = [&largest_flight](DtlsEnd& from, DtlsEnd& to) {
    std::size_t flight = 0;
    for (const auto& datagram : std::exchange(from.sent, {})) {
      flight += datagram.size();
      EXPECT_LE(datagram.size(), 1200U);
      EXPECT_TRUE(count_encrypted_records(datagram));
      to.session->take(datagram);
    }
    largest_flight = std::max(largest_flight, flight);
  };
  active.session->start();
  while (!active.sent.empty() || !passive.sent.empty()) {
    deliver(active, passive);
    deliver(passive, active);
  }
  EXPECT_GT(largest_flight, 1200U);
  EXPECT_TRUE(active.is_connected() && passive.is_connected());
}

}  // namespace
}  // namespace voicecast
