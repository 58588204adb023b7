// SPDX-License-Identifier: MIT

// Datagrams of strangers to a DTLS session in each of its states, in both roles: they connect nothing, and they end
// nothing that is established.
//
// The first byte is the role (bit 0) and the number of datagrams of a handshake that come before. Datagrams follow,
// each behind its length in two bytes.

#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <deque>
#include <memory>
#include <utility>
#include <vector>

#include "dtls/dtls_context.hpp"
#include "dtls/dtls_session.hpp"
#include "rtp/rtp_packet.hpp"
#include "tls/local_ca.hpp"

using namespace voicecast;

namespace {

const std::shared_ptr<const DtlsContext>& context() {
  static const auto made = *DtlsContext::create(*make_peer_certificate(std::chrono::system_clock::now()));
  return made;
}

struct End : DtlsEvents {
  explicit End(DtlsRole role)
      : session(
            context(), role, context()->fingerprint(),
            [this](Bytes datagram) { sent.emplace_back(datagram.begin(), datagram.end()); }, *this) {
    session.start();
  }
  void on_dtls_connected(const DtlsKeys&) override { is_connected = true; }
  void on_dtls_ended(const Error&) override {
    if (std::exchange(has_ended, true)) std::abort();
  }
  std::deque<std::vector<std::uint8_t>> sent;
  bool is_connected = false, has_ended = false;
  DtlsSession session;
};

/// Two ends after a number of datagrams, which are delivered in order.
struct Pair {
  explicit Pair(unsigned datagrams) {
    for (; datagrams > 0; --datagrams) {
      auto& from = active.sent.empty() ? passive : active;
      auto& to = active.sent.empty() ? active : passive;
      if (from.sent.empty()) return;
      to.session.take(from.sent.front());
      from.sent.pop_front();
    }
  }
  End active{DtlsRole::active}, passive{DtlsRole::passive};
};

void give(End& end, const std::uint8_t* data, std::size_t size) {
  const bool was_connected = end.is_connected;
  while (size >= 2) {
    const auto length = std::min<std::size_t>(read_u16(data), size - 2);
    end.session.take({data + 2, length});
    data += 2 + length;
    size -= 2 + length;
  }
  if (end.is_connected != was_connected || (was_connected && end.has_ended)) std::abort();
  end.sent.clear();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr unsigned all_datagrams = 4, connected = 7;
  if (size == 0) return 0;
  const bool is_active = (data[0] & 1) != 0;
  const unsigned datagrams = data[0] >> 1 & 7;
  if (datagrams == connected) {  // one pair for all: it is as before
    static Pair established(all_datagrams);
    if (!established.active.is_connected || !established.passive.is_connected) std::abort();
    give(is_active ? established.active : established.passive, data + 1, size - 1);
  } else {
    Pair pair(datagrams);
    give(is_active ? pair.active : pair.passive, data + 1, size - 1);
  }
  return 0;
}
