// SPDX-License-Identifier: MIT

/// Publications in a real registry, with real clients over loopback.

#include "stream/publication.hpp"

#include <gmock/gmock.h>

#include "unit/stream/media_test.hpp"

namespace voicecast {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class PublicationTest : public MediaTest {};

TEST(ConnectionId, IsNewEachTime) {
  EXPECT_NE(new_connection_id(), new_connection_id());
  EXPECT_EQ(stream_id_of("x"), "stream_x");
}

TEST_P(PublicationTest, AnswersTheOffer) {
  auto talk = open("a");
  EXPECT_EQ(talk->publication->stream_id(), "a");
  EXPECT_THAT(talk->session.descriptions, IsEmpty()) << "an event within open()";
  run_until([&] { return !talk->session.descriptions.empty(); });
  const auto& answer = talk->session.descriptions.front();
  EXPECT_EQ(answer.type, DescriptionType::answer);
  EXPECT_EQ(answer.mid, read_offer(talk->offer)->mid);
  EXPECT_EQ(answer.direction, "recvonly");
  EXPECT_FALSE(answer.ice.candidates.empty());
}

/// A stream is coming until its sender is connected and its first packet has arrived.
TEST_P(PublicationTest, IsHeldUntilTheFirstPacket) {
  auto silent = connect("silent");
  auto talking = talk("talking");  // later than the silent client, who has been connected for as long
  EXPECT_THAT(announced_, ElementsAre("+talking"));
  EXPECT_TRUE(registry_.is_coming("silent"));
  EXPECT_EQ(registry_.find("silent"), nullptr);
  EXPECT_EQ(registry_.newest()->id(), "talking");
  EXPECT_EQ(registry_.count(), 2U);
  silent->client->pass_voice();
  run_until([this] { return announced_.size() == 2; });
  EXPECT_THAT(announced_, ElementsAre("+talking", "+silent"));
  EXPECT_FALSE(registry_.is_any_coming());
  EXPECT_EQ(registry_.newest()->id(), "silent");
  EXPECT_EQ(registry_.newest()->name(), "Ann");
  EXPECT_EQ(registry_.announced_count(), 2U);
  EXPECT_EQ(silent->session.descriptions.size(), 1U);
}

TEST_P(PublicationTest, EndsWithTheObject) {
  auto sending = talk("a");
  sending->publication.reset();
  EXPECT_THAT(announced_, ElementsAre("+a", "-a"));
  EXPECT_TRUE(registry_.has_ended("a"));
  EXPECT_FALSE(registry_.has_failed("a"));
  EXPECT_EQ(registry_.find("a"), nullptr);
  EXPECT_EQ(registry_.newest(), nullptr);
}

/// A stream that was never live has not ended: nobody knew it. Its session gets no event afterwards.
TEST_P(PublicationTest, CanEndBeforeItsAnswer) {
  auto early = open("a");
  early->publication.reset();
  EXPECT_EQ(registry_.count(), 0U);
  EXPECT_EQ(registry_.peer_count(), 1U) << "the peer counts until it is stopped";
  run_until([this] { return registry_.peer_count() == 0; });
  auto other = talk("b");
  EXPECT_THAT(early->session.descriptions, IsEmpty());
  EXPECT_FALSE(early->session.failure);
  EXPECT_FALSE(registry_.has_ended("a"));
  EXPECT_THAT(announced_, ElementsAre("+b"));
}

TEST_P(PublicationTest, CanEndBetweenConnectionAndFirstPacket) {
  auto silent = connect("a");
  silent->publication.reset();
  silent->client->pass_voice();
  auto other = talk("b");
  EXPECT_FALSE(registry_.has_ended("a"));
  EXPECT_THAT(announced_, ElementsAre("+b"));
}

/// The id of a stream that has ended may be used again.
TEST_P(PublicationTest, MayReuseAnId) {
  talk("a").reset();
  EXPECT_TRUE(registry_.has_ended("a"));
  auto again = talk("a");
  EXPECT_FALSE(registry_.has_ended("a"));
  EXPECT_THAT(announced_, ElementsAre("+a", "-a", "+a"));
}

/// The session drops the Publication within on_failed().
TEST_P(PublicationTest, ReportsClosedConnectionOnce) {
  auto sending = talk("a");
  sending->client.reset();
  run_until([&] { return sending->session.failure.has_value(); });
  EXPECT_EQ(sending->session.failure->code, ErrorCode::closed);
  EXPECT_EQ(sending->publication, nullptr);
  EXPECT_THAT(announced_, ElementsAre("+a", "-a"));
  EXPECT_FALSE(registry_.has_failed("a")) << "the client ended it";
}

TEST_P(PublicationTest, FailsWithTooManyPackets) {
  media_.packets_per_second = 10;  // the client sends 50
  auto sending = connect("a");
  sending->client->pass_voice();
  run_until([&] { return sending->session.failure.has_value(); });
  EXPECT_EQ(sending->session.failure->code, ErrorCode::failed);
  EXPECT_THAT(announced_, ElementsAre("+a", "-a"));
  EXPECT_TRUE(registry_.has_failed("a"));
  EXPECT_FALSE(registry_.has_failed("b"));
}

/// Without the certificate of its description a client is not connected, and its stream is never live.
TEST_P(PublicationTest, FailsWithAnotherCertificate) {
  auto client = ClientPeer::sender();
  auto offer = *read_offer(client->offer());
  offer.fingerprint.back() = offer.fingerprint.back() == '0' ? '1' : '0';
  SessionLog session;
  auto publication = Publication::open(registry_, "a", "", "client", offer, session);
  ASSERT_TRUE(publication);
  session.drop = [&] { publication->reset(); };
  run_until([&] { return !session.descriptions.empty(); });
  client->accept(session.descriptions.front());
  client->pass_voice();
  run_until([&] { return session.failure.has_value(); });
  EXPECT_EQ(session.failure->code, ErrorCode::failed);
  EXPECT_THAT(announced_, IsEmpty());
  EXPECT_FALSE(registry_.has_ended("a"));
}

TEST_P(PublicationTest, LeavesNothingBehindIfItCannotBeOpened) {
  media_.texts = texts_with("stream", "identity name=voice ! tee allow-not-linked=true");
  auto client = ClientPeer::sender();
  SessionLog session;
  const auto publication = Publication::open(registry_, "a", "", "client", *read_offer(client->offer()), session);
  ASSERT_FALSE(publication);
  EXPECT_EQ(publication.error().message, "stream.launch needs elements named \"voice\" and \"tee\"");
  EXPECT_EQ(registry_.count(), 0U);
  EXPECT_FALSE(session.failure) << "the error is the result, not an event";
}

TEST_P(PublicationTest, ResumesItsConnectionOnly) {
  auto sending = open("a");
  const auto offer = *read_offer(sending->offer);
  const auto early = sending->publication->resume(restarted(offer));
  ASSERT_FALSE(early) << "before the answer";
  EXPECT_EQ(early.error().code, ErrorCode::not_found);
  run_until([&] { return !sending->session.descriptions.empty(); });
  const auto& answer = sending->session.descriptions.front();
  auto another = restarted(offer);
  another.fingerprint.back() = another.fingerprint.back() == '0' ? '1' : '0';
  const auto refused = sending->publication->resume(another);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::not_found);
  const auto resumed = sending->publication->resume(restarted(offer));
  ASSERT_TRUE(resumed) << resumed.error().message;
  EXPECT_EQ(resumed->version, answer.version + 1);
  EXPECT_NE(resumed->ice.ufrag, answer.ice.ufrag);
  EXPECT_EQ(resumed->fingerprint, answer.fingerprint);
  EXPECT_EQ(sending->session.descriptions.size(), 1U) << "the answer is the result, not an event";
}

TEST_P(PublicationTest, HasNothingToRestartBeforeItsAnswer) {
  auto sending = open("a");
  EXPECT_FALSE(sending->publication->restart_ice({"ufrag", "passwordof24characters00", {}}));
}

/// Candidates may come at any time, and twice.
TEST_P(PublicationTest, TakesCandidatesAtAnyTime) {
  auto sending = open("a");
  for (int i = 0; i < 2; ++i) {
    sending->publication->add_candidate("candidate:1 1 UDP 2130706431 127.0.0.1 9 typ host");
    sending->publication->add_candidate("");
  }
  run_until([&] { return !sending->session.descriptions.empty(); });
  sending->client->accept(sending->session.descriptions.front());
  sending->client->pass_voice();
  run_until([this] { return registry_.newest() != nullptr; });
  EXPECT_FALSE(sending->session.failure);
}

INSTANTIATE_TEST_SUITE_P(Ways, PublicationTest, all_ways(), name_of);

}  // namespace
}  // namespace voicecast
