// SPDX-License-Identifier: MIT
#include "ice/ice_tcp.hpp"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <string>
#include <vector>

namespace voicecast {
namespace {

using Bytes = std::vector<std::uint8_t>;

class IceTcp : public testing::Test {
 protected:
  IceTcp() {
    std::array<int, 2> ends{};
    socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends.data());
    link_ = std::make_unique<IceTcpLink>(ends[0]);
    far_ = ends[1];
  }
  ~IceTcp() override { close(far_); }

  void write(const Bytes& bytes) const { ASSERT_EQ(::write(far_, bytes.data(), bytes.size()), ssize_t(bytes.size())); }
  bool read() {
    return link_->read([this](auto packet) { packets_.emplace_back(packet.begin(), packet.end()); });
  }
  Bytes received() const {
    Bytes bytes(1 << 20);
    const auto count = ::read(far_, bytes.data(), bytes.size());
    bytes.resize(count > 0 ? std::size_t(count) : 0);
    return bytes;
  }

  std::unique_ptr<IceTcpLink> link_;
  int far_ = -1;
  std::vector<Bytes> packets_;
};

TEST_F(IceTcp, PacketsInOneSegment) {
  write({0, 2, 'a', 'b', 0, 1, 'c'});
  EXPECT_TRUE(read());
  EXPECT_EQ(packets_, (std::vector<Bytes>{{'a', 'b'}, {'c'}}));
}

TEST_F(IceTcp, EmptyFrameIsIgnored) {
  write({0, 0, 0, 2, 'a', 'b', 0, 0, 0, 0, 0, 1, 'c', 0, 0});
  EXPECT_TRUE(read());
  EXPECT_EQ(packets_, (std::vector<Bytes>{{'a', 'b'}, {'c'}}));
}

TEST_F(IceTcp, APacketByteByByte) {
  for (const std::uint8_t byte : Bytes{0, 3, 'a', 'b', 'c'}) {
    EXPECT_TRUE(packets_.empty());
    write({byte});
    EXPECT_TRUE(read());
  }
  EXPECT_EQ(packets_, (std::vector<Bytes>{{'a', 'b', 'c'}}));
}

TEST_F(IceTcp, LargestPacketAndOneLarger) {
  Bytes bytes{max_packet_bytes >> 8, max_packet_bytes & 0xff};
  bytes.resize(2 + max_packet_bytes, 'x');
  write(bytes);
  EXPECT_TRUE(read());
  ASSERT_EQ(packets_.size(), 1u);
  EXPECT_EQ(packets_[0].size(), std::size_t(max_packet_bytes));
  write({0xff, 0xff});
  EXPECT_FALSE(read());
}

TEST_F(IceTcp, PeerCloses) {
  shutdown(far_, SHUT_WR);
  EXPECT_FALSE(read());
}

TEST_F(IceTcp, SendsLengthAndPacket) {
  link_->send(Bytes{'a', 'b'});
  EXPECT_EQ(received(), (Bytes{0, 2, 'a', 'b'}));
}

TEST_F(IceTcp, StalledPeerGetsWholePackets) {
  const Bytes packet(1000, 'x');
  std::size_t sent = 0;
  for (; sent < 2000; ++sent) link_->send(packet);
  Bytes all;
  for (auto bytes = received(); !bytes.empty(); bytes = received()) {
    all.insert(all.end(), bytes.begin(), bytes.end());
    EXPECT_TRUE(link_->flush());
  }
  const Bytes one{1000 >> 8, 1000 & 0xff};
  EXPECT_EQ(all.size() % 1002, 0u);
  EXPECT_LT(all.size() / 1002, sent);  // what was too much is lost
  for (std::size_t at = 0; at < all.size(); at += 1002) ASSERT_EQ(Bytes(&all[at], &all[at] + 2), one);
}

TEST_F(IceTcp, ABrokenConnectionIsNoticed) {
  const Bytes packet(1000, 'x');
  for (int i = 0; i < 2000; ++i) link_->send(packet);
  close(far_);
  EXPECT_FALSE(link_->flush());
  far_ = -1;
}

}  // namespace
}  // namespace voicecast
