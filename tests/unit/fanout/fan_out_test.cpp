// SPDX-License-Identifier: MIT

// The fan-out without webrtcbins: packets in, SRTP on loopback sockets out, opened by libsrtp.
#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <condition_variable>
#include <mutex>
#include <thread>
#include <utility>

#include "fanout/fan_out.hpp"
#include "unit/srtp_decoder.hpp"

namespace voicecast {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

using Packet = std::vector<std::uint8_t>;
using Count = std::atomic<std::uint64_t>;
constexpr std::uint32_t ssrc = 0xCAFEBABE;

/// As of a browser: a marker, and an extension whose id means nothing to a receiver.
Packet packet_of(std::uint16_t sequence, std::uint32_t timestamp = 960) {
  auto packet =
      hex("90EF000000000000CAFEBABEBEDE000110FF0000"
          "766F696365");
  write_u16(&packet[2], sequence);
  write_u32(&packet[4], timestamp);
  packet.back() = static_cast<std::uint8_t>(sequence);
  return packet;
}

GPtr<GstBuffer> buffer_of(const Packet& packet) {
  return GPtr<GstBuffer>::adopt(gst_buffer_new_memdup(packet.data(), packet.size()));
}

class Socket {
 public:
  Socket() : socket_(socket(AF_INET, SOCK_DGRAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    bind(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address);
  }
  Socket(const Socket&) = delete;
  ~Socket() { close(socket_); }
  /// To this one, from `from`.
  UdpPath path(const Socket& from) const {
    UdpPath path;
    path.socket = from.socket_;
    path.address_size = sizeof path.address;
    getsockname(socket_, reinterpret_cast<sockaddr*>(&path.address), &path.address_size);
    return path;
  }
  /// What has come; on loopback that is all that was sent.
  std::vector<Packet> take() const {
    std::vector<Packet> all;
    for (Packet packet(3000);; packet.resize(3000)) {
      const auto size = recv(socket_, packet.data(), packet.size(), MSG_DONTWAIT);
      if (size < 0) return all;
      packet.resize(static_cast<std::size_t>(size));
      all.push_back(packet);
    }
  }

 private:
  int socket_;
};

/// A receiver's end: its socket, and its half of SRTP.
struct Receiver {
  Socket socket;
  SrtpDecoder srtp = SrtpDecoder();
  std::shared_ptr<IcePath> path = std::make_shared<IcePath>();
  std::shared_ptr<FanOutMember> member;  ///< null before add()

  unsigned payload_type;

  explicit Receiver(unsigned pt = 111) : payload_type(pt) {}

  std::vector<Packet> take() {
    std::vector<Packet> opened;
    for (const auto& packet : socket.take()) opened.push_back(srtp.rtp(packet));
    return opened;
  }
  std::vector<int> take_numbers() {
    std::vector<int> numbers;
    for (const auto& packet : take()) numbers.push_back(packet.empty() ? -1 : read_u16(&packet[2]));
    return numbers;
  }
};

/// The element that brings the packets.
class Tee {
 public:
  Tee() {
    gst_init(nullptr, nullptr);
    element_ = GPtr<GstElement>::adopt(gst_element_factory_make("tee", nullptr));
    g_object_set(element_.get(), "allow-not-linked", TRUE, nullptr);
    input_ = GPtr<GstPad>::adopt(gst_element_get_static_pad(element_.get(), "sink"));
    gst_pad_set_active(input_.get(), TRUE);
    gst_pad_send_event(input_.get(), gst_event_new_stream_start("voice"));
    GstSegment segment;
    gst_segment_init(&segment, GST_FORMAT_TIME);
    gst_pad_send_event(input_.get(), gst_event_new_segment(&segment));
  }
  Tee(const Tee&) = delete;
  ~Tee() { gst_pad_set_active(input_.get(), FALSE); }
  GstElement* element() const { return element_.get(); }
  void put(const Packet& packet) { EXPECT_EQ(gst_pad_chain(input_.get(), buffer_of(packet).release()), GST_FLOW_OK); }

 private:
  GPtr<GstElement> element_;
  GPtr<GstPad> input_;
};

class FanOutTest : public testing::Test {
 protected:
  void add(Receiver& receiver) {
    receiver.path->set(receiver.socket.path(ours_));
    receiver.member = fan_->join({some_keys(), ssrc, receiver.payload_type, "voice", receiver.path});
  }
  void send(std::uint16_t sequence) { tee_.put(packet_of(sequence)); }
  void send(std::uint16_t first, unsigned count) {
    for (unsigned i = 0; i < count; ++i) send(static_cast<std::uint16_t>(first + i));
  }
  auto ask_for(Receiver& receiver, std::initializer_list<std::uint16_t> missing) {
    auto nack = hex("81CD000000000001CAFEBABE");
    for (const auto sequence : missing) {
      nack.resize(nack.size() + 4);
      write_u16(&nack[nack.size() - 4], sequence);
    }
    write_u16(&nack[2], static_cast<unsigned>(nack.size() / 4 - 1));
    return receiver.member->on_rtcp(nack, std::chrono::system_clock::now(), fan_->ring());
  }

  Socket ours_;
  Tee tee_;
  std::shared_ptr<Count> unsent_ = std::make_shared<Count>(0);
  std::unique_ptr<FanOut> fan_ = std::make_unique<FanOut>(tee_.element(), unsent_);
};

TEST_F(FanOutTest, RewritesPacketsForEachReceiver) {
  Receiver first(111), second(96);
  add(first);
  add(second);
  send(4711);
  auto expected = hex("80EF126700000000CAFEBABE766F696367");
  write_u32(&expected[4], 960);
  EXPECT_THAT(first.take(), ElementsAre(expected));
  expected[1] = 0x80 | 96;
  EXPECT_THAT(second.take(), ElementsAre(expected));
}

TEST_F(FanOutTest, ServesMoreReceiversThanABatchHolds) {
  std::vector<std::unique_ptr<Receiver>> receivers;
  for (int i = 0; i < 150; ++i) add(*receivers.emplace_back(std::make_unique<Receiver>()));
  send(1, 2);
  for (const auto& receiver : receivers) EXPECT_THAT(receiver->take_numbers(), ElementsAre(1, 2));
}

TEST_F(FanOutTest, SendsByEachReceiversOwnSocket) {
  Socket other;
  Receiver a, b;
  add(a);
  add(b);
  b.path->set(b.socket.path(other));
  send(1, 2);
  EXPECT_THAT(a.take_numbers(), ElementsAre(1, 2));
  EXPECT_THAT(b.take_numbers(), ElementsAre(1, 2));
}

TEST_F(FanOutTest, BeginsFarFromAWrap) {
  Receiver before, shortly_before;
  add(before);
  send(65536 - 1025);
  add(shortly_before);
  send(65536 - 1024);
  EXPECT_THAT(before.take_numbers(), ElementsAre(65536 - 1025, 65536 - 1024));
  EXPECT_THAT(shortly_before.take_numbers(), ElementsAre(0x8000 - 1024));
}

TEST_F(FanOutTest, IsDecodableAfterLossBeforeWrap) {
  Receiver receiver;
  add(receiver);
  send(65533, 3);
  receiver.socket.take();  // lost, or the receiver's DTLS was not ready
  send(0, 2);
  EXPECT_THAT(receiver.take_numbers(), ElementsAre(0x8000, 0x8001));
}

TEST_F(FanOutTest, ContinuesAcrossWraps) {
  Receiver early, late;
  add(early);
  unsigned sequence = 3;
  for (; sequence < 0x20000; sequence += 7) {
    send(static_cast<std::uint16_t>(sequence));
    ASSERT_THAT(early.take_numbers(), ElementsAre(sequence & 0xFFFF));
  }
  add(late);
  for (; sequence < 0x30000; sequence += 7) {
    send(static_cast<std::uint16_t>(sequence));
    ASSERT_THAT(early.take_numbers(), ElementsAre(sequence & 0xFFFF));
    ASSERT_THAT(late.take_numbers(), ElementsAre(sequence & 0xFFFF));
  }
}

TEST_F(FanOutTest, UsesEachSequenceNumberOnce) {
  Receiver receiver;
  add(receiver);
  send(5);
  auto other = packet_of(5);
  other.back() = 99;  // with one key stream, the two together would be in the clear
  tee_.put(other);
  send(4);
  send(6);
  EXPECT_THAT(receiver.take_numbers(), ElementsAre(5, 6));
}

TEST_F(FanOutTest, IgnoresOtherSources) {
  Receiver receiver;
  add(receiver);
  auto other = packet_of(1);
  other[11] = 0;
  tee_.put(other);
  EXPECT_THAT(receiver.take(), IsEmpty());
}

TEST_F(FanOutTest, IgnoresInvalidRtp) {
  Receiver receiver;
  add(receiver);
  const auto packet = packet_of(1);
  for (std::size_t size = 1; size < 20; ++size)
    tee_.put({packet.begin(), packet.begin() + static_cast<std::ptrdiff_t>(size)});
  auto largest = packet;
  largest.resize(2048);
  tee_.put(largest);
  largest = packet_of(2);
  largest.resize(4000);
  tee_.put(largest);
  EXPECT_THAT(receiver.take_numbers(), ElementsAre(1));
}

TEST_F(FanOutTest, FollowsThePath) {
  Receiver receiver;
  add(receiver);
  receiver.path->set({});
  send(1);
  EXPECT_THAT(receiver.take(), IsEmpty());
  EXPECT_EQ(receiver.member->unsent_packets(), 1U);
  Socket elsewhere;
  receiver.path->set(elsewhere.path(ours_));
  send(2);
  EXPECT_EQ(elsewhere.take().size(), 1U);
  std::vector<Packet> relayed;
  receiver.path->set(IcePath::Send([&relayed](Bytes packet) { relayed.emplace_back(packet.begin(), packet.end()); }));
  send(3);
  ASSERT_EQ(relayed.size(), 1U);
  EXPECT_EQ(receiver.srtp.rtp(relayed[0]).back(), 3);
  EXPECT_EQ(receiver.member->unsent_packets(), 1U);
}

TEST_F(FanOutTest, UnsentPacketDoesNotAffectOthers) {
  Receiver good, bad, other;
  add(good);
  add(bad);
  add(other);
  auto nowhere = bad.socket.path(ours_);
  nowhere.address_size = 1;
  bad.path->set(nowhere);
  send(1, 2);
  EXPECT_THAT(good.take_numbers(), ElementsAre(1, 2));
  EXPECT_THAT(other.take_numbers(), ElementsAre(1, 2));
  EXPECT_EQ(bad.member->unsent_packets(), 2U);
  EXPECT_EQ(good.member->unsent_packets(), 0U);
}

TEST_F(FanOutTest, CountsUnsentPackets) {
  Receiver good, refused, without_a_way;
  add(good);
  add(refused);
  add(without_a_way);
  refused.path->set(UdpPath{-1, {}, 0});
  without_a_way.path->set({});
  send(1, 2);
  EXPECT_EQ(*unsent_, 4U);
  for (auto* receiver : {&good, &refused, &without_a_way}) {
    ask_for(*receiver, {1});
    receiver->member->report(0, 0);
  }
  EXPECT_EQ(*unsent_, 8U);
  EXPECT_EQ(good.member->unsent_packets(), 0U);
  EXPECT_EQ(refused.member->unsent_packets(), 4U);
  EXPECT_EQ(without_a_way.member->unsent_packets(), 4U);
}

TEST_F(FanOutTest, RetransmitsOnNack) {
  Receiver receiver;
  add(receiver);
  send(65000, 3);
  const auto sent = receiver.socket.take();
  ask_for(receiver, {static_cast<std::uint16_t>(65001 - 0x8000)});
  EXPECT_THAT(receiver.socket.take(), ElementsAre(sent[1])) << "not the same ciphertext";
}

TEST_F(FanOutTest, RetransmitsAcrossWrap) {
  Receiver receiver;
  add(receiver);
  for (unsigned sequence = 0; sequence <= 0x10002; ++sequence) {
    send(static_cast<std::uint16_t>(sequence));
    if (sequence < 0xFFFF) receiver.socket.take();
  }
  const auto sent = receiver.socket.take();
  ask_for(receiver, {0xFFFF, 1});
  EXPECT_THAT(receiver.socket.take(), ElementsAre(sent[0], sent[2]));
}

/// Each packet that ever left must be the only plaintext of its index, or two of them together are in the clear.
TEST_F(FanOutTest, IgnoresNackOfOtherPayload) {
  Receiver receiver;
  add(receiver);
  const auto send_other = [this](std::uint16_t sequence) {
    auto other = packet_of(sequence);
    other[other.size() - 2] = 99;
    tee_.put(other);
  };
  send(100, 3);
  const auto sent = receiver.socket.take();
  for (const std::uint16_t sequence : {100, 101, 102, 99}) send_other(sequence);
  EXPECT_THAT(receiver.socket.take(), IsEmpty());
  ask_for(receiver, {100, 101, 102, 99});
  EXPECT_THAT(receiver.socket.take(), ElementsAre(sent[0], sent[1], sent[2]));
}

/// A sender that jumps gets through all numbers with three packets.
TEST_F(FanOutTest, DoesNotRetransmitEarlierCycle) {
  Receiver receiver;
  add(receiver);
  for (const std::uint16_t sequence : {100, 32800, 65000, 200}) send(sequence);
  receiver.socket.take();
  ask_for(receiver, {100});
  EXPECT_THAT(receiver.socket.take(), IsEmpty()) << "the packet of index 100 as that of index 65636";
}

TEST_F(FanOutTest, RetransmitsSentPacketsOnly) {
  Receiver before, receiver;
  add(before);
  send(1, 2);
  add(receiver);
  ask_for(receiver, {1});
  send(3, 1);
  receiver.socket.take();
  ask_for(receiver, {1, 2, 4, 0x8003});
  EXPECT_THAT(receiver.take(), IsEmpty());
}

TEST_F(FanOutTest, LimitsRetransmission) {
  Receiver receiver;
  add(receiver);
  send(1);
  unsigned again = 0;
  receiver.path->set(IcePath::Send([&again](Bytes) { ++again; }));
  for (int i = 0; i < 10000; ++i) ask_for(receiver, {1});
  EXPECT_GE(again, 50U);
  EXPECT_LT(again, 5000U);
}

TEST(PacketRing, KeepsHalfASecond) {
  PacketRing ring;
  const PacketRing::Time now{};
  ring.put(7, buffer_of(packet_of(7)).get(), now);
  EXPECT_TRUE(ring.find(7, now + 500ms));
  EXPECT_FALSE(ring.find(7, now + 501ms));
  EXPECT_FALSE(ring.find(7 + 128, now));
  ring.put(7 + 128, buffer_of(packet_of(8)).get(), now);
  EXPECT_FALSE(ring.find(7, now));
}

TEST_F(FanOutTest, ReportsToAReceiver) {
  Receiver receiver;
  add(receiver);
  send(1, 3);
  receiver.socket.take();
  receiver.member->report(0x1122334455667788, 0x99AABBCC);
  const auto packets = receiver.socket.take();
  ASSERT_EQ(packets.size(), 1U);
  EXPECT_EQ(receiver.srtp.rtcp(packets[0]), write_rtcp({ssrc, 0x1122334455667788, 0x99AABBCC, 3, 15, "voice"}));
}

TEST_F(FanOutTest, ReportsSoonAndThenEveryThirdSecond) {
  Receiver receiver;
  add(receiver);
  std::vector<std::size_t> reports;
  for (int second = 0; second < 7; ++second) {
    receiver.member->tick(0, 0);
    reports.push_back(receiver.socket.take().size());
  }
  EXPECT_THAT(reports, ElementsAre(1, 0, 0, 1, 0, 0, 1));
}

TEST_F(FanOutTest, ReadsAReceiversReport) {
  Receiver receiver;
  add(receiver);
  auto report =
      hex("81C9000700000001CAFEBABE40000002000100050000096022334455"
          "00000000");
  write_u32(&report[24], ntp_time(std::chrono::system_clock::now() - 1s) >> 16);
  const auto reception = receiver.member->on_rtcp(report, std::chrono::system_clock::now(), fan_->ring());
  ASSERT_TRUE(reception);
  EXPECT_EQ(reception->loss, 0.25);
  EXPECT_EQ(reception->lost_packets, 2);
  EXPECT_EQ(reception->jitter, std::chrono::duration<double>(0.05));
  EXPECT_GE(reception->round_trip, std::chrono::duration<double>(0.999));
  EXPECT_FALSE(receiver.member->on_rtcp({}, std::chrono::system_clock::now(), fan_->ring()));
}

TEST_F(FanOutTest, KnowsThePacketsClock) {
  const auto now = PacketRing::Time::clock::now();
  EXPECT_FALSE(fan_->rtp_time(now));
  tee_.put(packet_of(1, 0xFFFFFFF0));
  const auto first = fan_->rtp_time(now);
  ASSERT_TRUE(first);
  EXPECT_EQ(*fan_->rtp_time(now + 10s) - *first, 480000U);
}

/// Holds up the thread of a voice in the middle of a packet.
class Holdup {
 public:
  void hold() {
    std::unique_lock lock(mutex_);
    is_held_ = true;
    changed_.notify_all();
    changed_.wait(lock, [this] { return is_free_; });
  }
  void wait() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return is_held_; });
  }
  void free() {
    const std::lock_guard lock(mutex_);
    is_free_ = true;
    changed_.notify_all();
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool is_held_ = false, is_free_ = false;
};

TEST_F(FanOutTest, KeepsLeavingReceiverUntilPacketIsSent) {
  Receiver first, second;
  add(first);
  add(second);
  Holdup holdup;
  first.path->set(IcePath::Send([&holdup](Bytes) { holdup.hold(); }));
  std::thread voice([this] { send(1); });
  holdup.wait();
  const std::weak_ptr left = second.member;
  fan_->leave(std::exchange(second.member, nullptr));  // waits for nothing
  fan_->tidy();
  EXPECT_FALSE(left.expired());
  holdup.free();
  voice.join();
  EXPECT_EQ(second.take_numbers(), std::vector{1});
  EXPECT_FALSE(left.expired()) << "freed by the voice's thread";
  fan_->tidy();
  EXPECT_TRUE(left.expired());
}

TEST_F(FanOutTest, ContinuesWhileReceiversChange) {
  Receiver steady;
  add(steady);
  constexpr unsigned packets = 3000;
  std::atomic<bool> is_over = false;
  std::vector<int> heard;
  std::thread voice([&] {
    for (unsigned i = 0; i < packets; ++i) {
      send(static_cast<std::uint16_t>(i));
      for (const int number : steady.take_numbers()) heard.push_back(number);
    }
    is_over = true;
  });
  unsigned changes = 0;
  for (; !is_over || changes < 100; ++changes) {
    Receiver requester;
    add(requester);
    ask_for(requester, {0, 1, 2});
    fan_->leave(requester.member);
  }
  voice.join();
  EXPECT_EQ(heard.size(), packets) << "with " << changes << " changes";
}

TEST_F(FanOutTest, SendsNothingAfterItsEnd) {
  Receiver receiver;
  add(receiver);
  send(1);
  fan_.reset();
  send(2);
  EXPECT_THAT(receiver.take_numbers(), ElementsAre(1));
}

TEST_F(FanOutTest, EndsAfterThePacketUnderWay) {
  Receiver first, second;
  add(first);
  add(second);
  Holdup holdup;
  first.path->set(IcePath::Send([&holdup](Bytes) { holdup.hold(); }));
  std::atomic<bool> is_gone = false, was_gone = false;
  second.path->set(IcePath::Send([&](Bytes) { was_gone = is_gone.load(); }));
  std::thread voice([this] { send(1); });
  holdup.wait();
  std::atomic<bool> is_leaving = false;
  std::thread end([&] {
    is_leaving = true;
    fan_.reset();
    is_gone = true;
  });
  while (!is_leaving) std::this_thread::yield();
  holdup.free();
  voice.join();
  end.join();
  EXPECT_FALSE(was_gone);
}

}  // namespace
}  // namespace voicecast
