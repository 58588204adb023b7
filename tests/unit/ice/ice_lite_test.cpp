// SPDX-License-Identifier: MIT

// The lite agent as webrtcbin sees it, whatever version of GStreamer that is.
#include "ice/ice_lite.hpp"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gst/webrtc/ice.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <span>

#include "gst/gst.hpp"
#include "unit/stun_client.hpp"

namespace voicecast {
namespace {

using testing::Each;
using testing::NotNull;

class IceLite : public testing::Test {
 protected:
  IceLite() {
    gst_init(nullptr, nullptr);
    auto opened = IcePort::open({"127.0.0.1"}, 0);
    if (opened) port_ = *opened;
  }
  void SetUp() override { ASSERT_TRUE(port_); }

  std::unique_ptr<WebrtcbinIceAgent> agent() const { return make_ice_lite(port_); }
  /// With a stream, and credentials for it.
  std::unique_ptr<WebrtcbinIceAgent> expectant_agent() const {
    auto made = agent();
    auto* stream = gst_webrtc_ice_add_stream(made->element(), 0);
    gst_webrtc_ice_set_local_credentials(made->element(), stream, "", "");
    return made;
  }

  std::shared_ptr<IcePort> port_;
};

/// A client with a socket of its own.
class Client {
 public:
  explicit Client(std::uint16_t port) : socket_(socket(AF_INET, SOCK_DGRAM, 0)) {
    sockaddr_in server{};
    server.sin_family = AF_INET;
    server.sin_port = htons(port);
    server.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    constexpr timeval patience{10, 0};
    setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    connect(socket_, reinterpret_cast<const sockaddr*>(&server), sizeof server);
  }
  Client(const Client&) = delete;
  ~Client() { close(socket_); }

  std::vector<std::uint8_t> check(const IceAgent& agent) const {
    const auto ours = *agent.credentials();
    auto packet = make_check({.username = ours.ufrag + ":theirs", .key = ours.pwd});
    EXPECT_EQ(send(socket_, packet.data(), packet.size(), 0), static_cast<ssize_t>(packet.size()));
    return packet;
  }
  std::vector<std::uint8_t> answer() const {
    std::vector<std::uint8_t> packet(512);
    packet.resize(static_cast<std::size_t>(std::max<ssize_t>(recv(socket_, packet.data(), packet.size(), 0), 0)));
    return packet;
  }

 private:
  int socket_;
};

/// RFC 8489 §5: what an answer has in common with its request.
std::vector<std::uint8_t> transaction_of(const std::vector<std::uint8_t>& message) {
  return message.size() < 20 ? std::vector<std::uint8_t>()
                             : std::vector<std::uint8_t>(message.begin() + 8, message.begin() + 20);
}

/// The functions of a class one after the other, up to the one that this GStreamer has `close` in or would have it.
std::span<const gpointer> functions_of(GstWebRTCICEClass* type) {
  const auto* first = reinterpret_cast<const gpointer*>(&type->add_stream);
  const auto* after_last = reinterpret_cast<const gpointer*>(&type->get_selected_pair) + 2;
  return {first, after_last};
}

TEST_F(IceLite, HasEachFunctionThatAnyWebrtcbinCalls) {
  EXPECT_THAT(functions_of(GST_WEBRTC_ICE_GET_CLASS(agent()->element())), Each(NotNull()));
}

TEST_F(IceLite, HasEachFunctionOfTheseHeaders) {
  auto* type = GST_WEBRTC_ICE_GET_CLASS(agent()->element());
  const std::span functions(reinterpret_cast<const gpointer*>(&type->add_stream),
                            reinterpret_cast<const gpointer*>(&type->_gst_reserved));
  EXPECT_THAT(functions, Each(NotNull()));
}

TEST_F(IceLite, ClosedDoesNotRespond) {
  const auto closed = expectant_agent(), open = expectant_agent();
  const Client client(port_->number());
  const auto first = client.check(*closed);
  EXPECT_EQ(transaction_of(client.answer()), transaction_of(first));

  using Close = void (*)(GstWebRTCICE*, GstPromise*);
  const auto close = reinterpret_cast<Close>(functions_of(GST_WEBRTC_ICE_GET_CLASS(closed->element())).back());
  close(closed->element(), nullptr);
  const auto promise = GPtr<GstPromise>::adopt(gst_promise_new());
  close(closed->element(), promise.get());
  EXPECT_EQ(gst_promise_wait(promise.get()), GST_PROMISE_RESULT_REPLIED);

  client.check(*closed);
  const auto last = client.check(*open);
  EXPECT_EQ(transaction_of(client.answer()), transaction_of(last)) << "in order, on one thread";
}

#if GST_CHECK_VERSION(1, 24, 0)
TEST_F(IceLite, AnswersThePromiseOfEachCandidate) {
  const auto one = agent();
  auto* stream = gst_webrtc_ice_add_stream(one->element(), 0);
  gst_webrtc_ice_add_candidate(one->element(), stream, "a=candidate:1 1 UDP 1 127.0.0.1 9 typ host", nullptr);
  const auto promise = GPtr<GstPromise>::adopt(gst_promise_new());
  gst_webrtc_ice_add_candidate(one->element(), stream, "a=candidate:1 1 UDP 1 127.0.0.1 9 typ host", promise.get());
  EXPECT_EQ(gst_promise_wait(promise.get()), GST_PROMISE_RESULT_REPLIED);
}
#endif

}  // namespace
}  // namespace voicecast
