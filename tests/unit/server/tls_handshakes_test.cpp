// SPDX-License-Identifier: MIT
#include "connection/tls_handshakes.hpp"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <vector>

#include "tls/local_ca.hpp"

namespace voicecast {
namespace {

std::shared_ptr<const TlsIdentity> make_identity() {
  const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  const auto pem = make_server_certificate(*make_ca("pi", now), make_names("pi", {"127.0.0.1"}), now);
  return *TlsIdentity::read(*pem);
}

/// Clients that have connected and say nothing, or what a test says for them.
class Handshakes : public testing::Test {
 protected:
  enum class State { under_way, good, failed };

  Handshakes() {
    rlimit limit{};
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
  }
  ~Handshakes() override {
    for (const int fd : clients_) close(fd);
  }

  std::size_t begin(const std::string& key) {
    std::array<int, 2> ends{};
    EXPECT_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends.data()), 0);
    auto socket = GPtr<GSocket>::adopt(g_socket_new_from_fd(ends[0], nullptr));
    const auto number = clients_.size();
    clients_.push_back(ends[1]);
    states_.push_back(State::under_way);
    handshakes_.begin(std::make_shared<TlsTransport>(std::move(socket), identity_), key, [this, number](bool is_good) {
      EXPECT_EQ(states_[number], State::under_way) << "told twice";
      states_[number] = is_good ? State::good : State::failed;
    });
    return number;
  }
  void begin(const std::string& key, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) begin(key);
  }
  void hang_up(std::size_t number) {
    shutdown(clients_[number], SHUT_RDWR);
    while (states_[number] == State::under_way) g_main_context_iteration(nullptr, TRUE);
  }
  std::size_t failed() const { return static_cast<std::size_t>(std::ranges::count(states_, State::failed)); }
  /// Whether the server has closed the connection of this client.
  bool is_closed(std::size_t number) const {
    char byte = 0;
    return recv(clients_[number], &byte, 1, MSG_DONTWAIT) == 0;
  }

  std::vector<int> clients_;
  std::vector<State> states_;

 private:
  std::shared_ptr<const TlsIdentity> identity_ = make_identity();
  TlsHandshakes handshakes_;
};

TEST_F(Handshakes, AreBoundedByAddress) {
  const auto other = begin("192.0.2.1");
  begin("192.0.2.2", TlsHandshakes::max_of_an_address);
  EXPECT_EQ(failed(), 0U);
  begin("192.0.2.2");
  EXPECT_EQ(failed(), 1U);
  EXPECT_EQ(states_[other], State::under_way) << "the oldest of all, but of another address";
  EXPECT_EQ(states_[other + 1], State::failed) << "the oldest of that address";
  EXPECT_TRUE(is_closed(other + 1));
  EXPECT_FALSE(is_closed(other + 2));
}

TEST_F(Handshakes, AreBoundedInAll) {
  for (std::size_t i = 0; i < TlsHandshakes::max_in_all; ++i) begin("192.0.2." + std::to_string(i / 100));
  EXPECT_EQ(failed(), 0U);
  begin("198.51.100.1");
  EXPECT_EQ(failed(), 1U);
  EXPECT_EQ(states_[0], State::failed) << "the oldest";
  EXPECT_TRUE(is_closed(0));
}

TEST_F(Handshakes, ThatAreOverLeaveTheirPlace) {
  begin("192.0.2.1", TlsHandshakes::max_of_an_address);
  hang_up(7);
  EXPECT_EQ(failed(), 1U);
  begin("192.0.2.1");
  EXPECT_EQ(failed(), 1U) << "there was a place";
  begin("192.0.2.1");
  EXPECT_EQ(states_[0], State::failed);
}

}  // namespace
}  // namespace voicecast
