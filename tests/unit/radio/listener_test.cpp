// SPDX-License-Identifier: MIT

/// Listeners at one end of a pair of sockets, and the test at the other.

#include "radio/listener.hpp"

#include <gio/gio.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <string>

namespace voicecast {

namespace {

using namespace std::chrono_literals;

constexpr std::size_t frame_bytes = 1000;

/// A frame that identifies its number.
std::string text_of(std::uint64_t number) {
  auto text = std::to_string(number) + ":";
  text.resize(frame_bytes, '.');
  return text;
}

GPtr<GBytes> frame_of(std::uint64_t number) {
  const auto text = text_of(number);
  return GPtr<GBytes>::adopt(g_bytes_new(text.data(), text.size()));
}

class ListenerTest : public testing::Test {
 protected:
  ListenerTest() {
    std::array<int, 2> ends{};
    socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends.data());
    client_ = ends[1];
    const auto socket = GPtr<GSocket>::adopt(g_socket_new_from_fd(ends[0], nullptr));
    terms_.silent_frame = std::string(frame_bytes, 's');
    listener_ = Listener::start(std::make_shared<PlainTransport>(socket), "head", terms_, poller_, counters_,
                                [this](const std::shared_ptr<Listener>&) { is_gone_ = true; });
  }
  ~ListenerTest() override {
    close(client_);
    listener_.reset();
    turn();
  }
  /// Runs the main loop's pending work.
  static void turn() {
    while (g_main_context_iteration(nullptr, FALSE)) {
    }
  }
  void push(std::uint64_t count) {
    for (; count > 0; --count) {
      ring_->push(frame_of(ring_->end()));
      listener_->pump();
    }
  }
  /// Reads everything available, and runs the main loop.
  std::string read() {
    std::string all;
    std::array<char, 65536> buffer;
    for (;;) {
      const auto count = ::read(client_, buffer.data(), buffer.size());
      if (count <= 0) return all;
      all.append(buffer.data(), static_cast<std::size_t>(count));
      turn();
    }
  }

  ListenerTerms terms_;
  ListenerCounters counters_;
  Poller poller_;
  std::shared_ptr<FrameRing> ring_ = std::make_shared<FrameRing>(1 << 20, 26ms);
  std::shared_ptr<Listener> listener_;
  int client_ = -1;
  bool is_gone_ = false;
};

TEST_F(ListenerTest, GetsHeadSilenceAndFrames) {
  push(3);
  listener_->tune(ring_, {1, 2, false});
  push(1);
  EXPECT_EQ(read(), "head" + terms_.silent_frame + terms_.silent_frame + text_of(1) + text_of(2) + text_of(3));
  EXPECT_EQ(listener_->lag(), 0ms);
  EXPECT_EQ(counters_.bytes_sent, 4 + 5 * frame_bytes);
}

TEST_F(ListenerTest, SkipsToLiveByWholeFrames) {
  terms_.max_lag = 1s;
  listener_->tune(ring_, {0, 0, false});
  push(1000);  // more than the socket takes
  EXPECT_GT(counters_.skips, 0U);
  EXPECT_GT(counters_.skipped_frames, 30U);
  EXPECT_LE(listener_->lag(), 1s);
  const auto received = read().substr(4);
  ASSERT_EQ(received.size() % frame_bytes, 0U);
  std::uint64_t last = 0;
  bool has_gap = false;
  for (std::size_t at = 0; at < received.size(); at += frame_bytes) {
    const auto number = std::stoull(received.substr(at));
    EXPECT_EQ(received.substr(at, frame_bytes), text_of(number)) << "whole frames only";
    has_gap |= at > 0 && number != last + 1;
    last = number;
  }
  EXPECT_TRUE(has_gap);
  EXPECT_EQ(last, 999U) << "and live at the end";
}

TEST_F(ListenerTest, ABurstIsNoLag) {
  push(1000);
  terms_.max_lag = 1s;
  listener_->tune(ring_, {0, 0, false});
  listener_->pump();
  EXPECT_EQ(listener_->lag(), 0ms);
  push(10);
  EXPECT_EQ(counters_.skips, 0U);
  EXPECT_EQ(read().size(), 4 + 1010 * frame_bytes);
}

TEST_F(ListenerTest, LeavesWhenStalled) {
  terms_.stalled_limit = 50ms;
  listener_->tune(ring_, {0, 0, false});
  push(1000);
  EXPECT_EQ(counters_.stalled, 0U);
  for (const auto end = std::chrono::steady_clock::now() + 10s; !is_gone_ && std::chrono::steady_clock::now() < end;) {
    listener_->pump();
    turn();
  }
  EXPECT_TRUE(is_gone_);
  EXPECT_EQ(counters_.stalled, 1U);
}

TEST_F(ListenerTest, ChangesRingAtWholeFrame) {
  listener_->tune(ring_, {0, 0, false});
  push(1000);
  const auto other = std::make_shared<FrameRing>(1 << 20, 26ms);
  other->push(frame_of(5000));
  listener_->tune(other, {0, 0, false});
  listener_->pump();
  const auto received = read().substr(4);
  ASSERT_EQ(received.size() % frame_bytes, 0U);
  EXPECT_EQ(received.substr(received.size() - frame_bytes), text_of(5000));
}

TEST_F(ListenerTest, LeavesWhenAllIsSent) {
  listener_->tune(ring_, {0, 0, false});
  push(1000);
  listener_->finish();
  turn();
  EXPECT_FALSE(is_gone_);
  const auto received = read();
  turn();
  EXPECT_TRUE(is_gone_);
  EXPECT_EQ(received.substr(received.size() - frame_bytes), text_of(999));
}

TEST_F(ListenerTest, LeavesWhenTheClientDoes) {
  listener_->tune(ring_, {0, 0, false});
  shutdown(client_, SHUT_WR);
  turn();
  EXPECT_TRUE(is_gone_);
}

}  // namespace
}  // namespace voicecast
