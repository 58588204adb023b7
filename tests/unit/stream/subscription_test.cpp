// SPDX-License-Identifier: MIT

/// Subscriptions to real streams, with real clients over loopback.

#include "stream/subscription.hpp"

#include <gmock/gmock.h>

#include "unit/stream/media_test.hpp"

namespace voicecast {
namespace {

using testing::IsEmpty;

class SubscriptionTest : public MediaTest {
 protected:
  void SetUp() override {
    talk_ = talk("a");
    stream_ = registry_.find("a");
    session_.drop = [this] { subscription_.reset(); };
  }
  void TearDown() override {
    subscription_.reset();
    client_.reset();
    stream_.reset();
    talk_.reset();
    MediaTest::TearDown();
  }
  /// As the WebSocket does it: the server offers. Without an answer yet.
  void join() {
    auto joined = Subscription::join(*stream_, "client", std::nullopt, session_);
    ASSERT_TRUE(joined) << joined.error().message;
    subscription_ = std::move(*joined);
    EXPECT_THAT(session_.descriptions, IsEmpty()) << "an event within join()";
  }
  const LocalDescription& description() {
    run_until([this] { return !session_.descriptions.empty(); });
    return session_.descriptions.front();
  }
  void until_heard() {
    run_until([this] { return client_->packets() > 0 || session_.failure; });
    ASSERT_FALSE(session_.failure) << session_.failure->message;
  }
  void hear() {
    join();
    const auto accepted = subscription_->accept(client_->answer(description()));
    ASSERT_TRUE(accepted) << accepted.error().message;
    until_heard();
  }
  /// As WHEP does it: the client offers.
  void join_by(const RemoteDescription& offer) {
    auto joined = Subscription::join(*stream_, "client", offer, session_);
    ASSERT_TRUE(joined) << joined.error().message;
    subscription_ = std::move(*joined);
  }

  std::unique_ptr<Talk> talk_;
  std::shared_ptr<Stream> stream_;
  SessionLog session_;
  std::unique_ptr<ClientPeer> client_ = ClientPeer::receiver();
  std::unique_ptr<Subscription> subscription_;
};

TEST_P(SubscriptionTest, OffersTheStream) {
  join();
  EXPECT_EQ(subscription_->stream_id(), "a");
  EXPECT_FALSE(subscription_->is_answered());
  EXPECT_EQ(stream_->receiver_count(), 1U);
  EXPECT_EQ(description().type, DescriptionType::offer);
  EXPECT_EQ(description().stream_id, "a");
  EXPECT_EQ(description().direction, "sendonly");
  EXPECT_FALSE(description().ice.candidates.empty());
}

/// A receiver has its place from its request on, and counts as hearing from its connection on.
TEST_P(SubscriptionTest, SendsToItsConnectedClient) {
  join();
  EXPECT_EQ(description().type, DescriptionType::offer);
  EXPECT_EQ(media_.connected_receivers.taken(), 0U);
  EXPECT_EQ(media_.join_times.sum(), 0);
  ASSERT_TRUE(subscription_->accept(client_->answer(description())));
  EXPECT_TRUE(subscription_->is_answered());
  until_heard();
  EXPECT_EQ(media_.connected_receivers.taken(), 1U);
  EXPECT_GT(media_.join_times.sum(), 0);
  subscription_.reset();
  EXPECT_EQ(media_.connected_receivers.taken(), 0U);
  run_until([this] { return stream_->receiver_count() == 0; });
  EXPECT_EQ(registry_.find("a"), stream_) << "the stream goes on";
}

/// It answers the offer of a stream that the client has left.
TEST_P(SubscriptionTest, IgnoresAnswerBeforeItsOffer) {
  join();
  EXPECT_TRUE(subscription_->accept("v=0\r\n"));
  EXPECT_FALSE(subscription_->is_answered());
  ASSERT_TRUE(subscription_->accept(client_->answer(description())));
  EXPECT_TRUE(subscription_->is_answered());
}

/// Then a valid one may follow.
TEST_P(SubscriptionTest, RefusesInvalidAnswers) {
  join();
  const auto answer = client_->answer(description());
  for (const auto& invalid : {std::string(), std::string("v"), answer.substr(0, answer.size() / 2),
                              answer + std::string(max_sdp_bytes, 'a'), std::string("v=0\r\n")}) {
    EXPECT_FALSE(subscription_->accept(invalid)) << invalid.size() << " bytes";
    EXPECT_FALSE(subscription_->is_answered());
  }
  EXPECT_TRUE(subscription_->accept(answer));
  until_heard();
  EXPECT_FALSE(session_.failure);
}

TEST_P(SubscriptionTest, AnswersTheClientsOffer) {
  const auto offer = *read_listener_offer(client_->offer());
  join_by(offer);
  EXPECT_EQ(description().type, DescriptionType::answer);
  EXPECT_EQ(description().mid, offer.mid);
  EXPECT_EQ(description().payload_type, offer.payload_type);
  EXPECT_EQ(description().stream_id, "a");
  client_->accept(description());
  run_until([this] { return media_.connected_receivers.taken() == 1; });
  EXPECT_FALSE(session_.failure);
}

/// Retransmission is agreed on only if both sides do it; webrtcbin's own does not.
TEST_P(SubscriptionTest, ResendsToClientsThatAsk) {
  const auto sdp = client_->offer();
  for (const bool asks : {false, true}) {
    auto offer = *read_listener_offer(sdp);
    offer.resends = asks;
    session_.descriptions.clear();
    join_by(offer);
    EXPECT_EQ(description().resends, asks && GetParam().is_fanned_out);
  }
}

TEST_P(SubscriptionTest, CanEndBeforeItsOffer) {
  join();
  subscription_.reset();
  run_until([this] { return stream_->receiver_count() == 0 && media_.peers.taken() == 1; });
  EXPECT_THAT(session_.descriptions, IsEmpty());
  EXPECT_FALSE(session_.failure);
}

/// The session drops the Subscription within on_failed(), and may join again.
TEST_P(SubscriptionTest, ReportsClosedConnectionOnce) {
  hear();
  client_.reset();
  run_until([this] { return session_.failure.has_value(); });
  EXPECT_EQ(session_.failure->code, ErrorCode::closed);
  EXPECT_EQ(subscription_, nullptr);
  EXPECT_EQ(media_.connected_receivers.taken(), 0U);
  session_.failure.reset();
  session_.descriptions.clear();
  client_ = ClientPeer::receiver();
  hear();
}

/// Without the certificate of its answer a client gets no packet.
TEST_P(SubscriptionTest, FailsWithAnotherCertificate) {
  join();
  auto answer = client_->answer(description());
  auto& digit = answer[answer.find('\r', answer.find("a=fingerprint:")) - 1];
  digit = digit == '0' ? '1' : '0';
  ASSERT_TRUE(subscription_->accept(answer));
  run_until([this] { return session_.failure.has_value(); });
  EXPECT_EQ(session_.failure->code, ErrorCode::failed);
  EXPECT_EQ(client_->packets(), 0U);
  EXPECT_EQ(media_.join_times.sum(), 0);
}

/// A connected client that cannot get packets is told, and counts as connected at no time.
TEST_P(SubscriptionTest, FailsIfItsEgressDoesNotOpen) {
  if (!GetParam().is_fanned_out) GTEST_SKIP() << "a valve always opens";
  SessionLog sender;
  const auto silent = ClientPeer::sender();
  auto stream = *Stream::open(
      "silent", "", *read_offer(silent->offer()), media_, [] {}, sender);
  auto joined = Subscription::join(*stream, "client", std::nullopt, session_);
  ASSERT_TRUE(joined);
  subscription_ = std::move(*joined);
  ASSERT_TRUE(subscription_->accept(client_->answer(description())));
  run_until([this] { return session_.failure.has_value(); });
  EXPECT_EQ(session_.failure->message, "the stream has no source (SSRC)");
  EXPECT_EQ(subscription_, nullptr);
  EXPECT_EQ(media_.join_times.sum(), 0);
}

TEST_P(SubscriptionTest, LeavesNothingBehindIfItCannotJoin) {
  media_.ice_port.reset();  // with --ice full a receiver has elements
  media_.texts = texts_with("receiver", "fakesink");
  const auto joined = Subscription::join(*stream_, "client", std::nullopt, session_);
  ASSERT_FALSE(joined);
  EXPECT_FALSE(session_.failure) << "the error is the result, not an event";
  EXPECT_EQ(stream_->receiver_count(), 0U);
}

TEST_P(SubscriptionTest, ResumesItsConnectionOnly) {
  join();
  const auto text = client_->answer(description());
  const auto answer = *read_answer(text, description().payload_type);
  const auto early = subscription_->resume(restarted(answer));
  ASSERT_FALSE(early) << "before the answer";
  EXPECT_EQ(early.error().code, ErrorCode::not_found);
  ASSERT_TRUE(subscription_->accept(text));
  until_heard();
  auto another = restarted(answer);
  another.fingerprint.back() = another.fingerprint.back() == '0' ? '1' : '0';
  const auto refused = subscription_->resume(another);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::not_found);
  const auto resumed = subscription_->resume(restarted(answer));
  ASSERT_TRUE(resumed) << resumed.error().message;
  EXPECT_EQ(resumed->version, description().version + 1);
  EXPECT_NE(resumed->ice.ufrag, description().ice.ufrag);
  EXPECT_NE(resumed->setup, answer.setup) << "one side is active, the other passive";
  EXPECT_NE(resumed->setup, "actpass");
  EXPECT_EQ(session_.descriptions.size(), 1U) << "the answer is the result, not an event";
}

INSTANTIATE_TEST_SUITE_P(Ways, SubscriptionTest, all_ways(), name_of);

}  // namespace
}  // namespace voicecast
