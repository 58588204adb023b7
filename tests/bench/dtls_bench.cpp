// SPDX-License-Identifier: MIT

// Handshakes of DTLS on one thread, without a network: CPU time of each side, and memory of connected sessions.

#include <malloc.h>

#include <chrono>
#include <cstdio>
#include <ctime>
#include <deque>
#include <memory>
#include <utility>
#include <vector>

#include "dtls/dtls_context.hpp"
#include "dtls/dtls_session.hpp"
#include "tls/local_ca.hpp"

using namespace voicecast;

namespace {

double cpu_us() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) * 1e6 + static_cast<double>(time.tv_nsec) / 1e3;
}

std::size_t bytes_in_use() { return mallinfo2().uordblks + mallinfo2().hblkhd; }

struct End : DtlsEvents {
  End(const std::shared_ptr<const DtlsContext>& context, DtlsRole role)
      : session(new DtlsSession(
            context, role, context->fingerprint(),
            [this](Bytes datagram) { sent.emplace_back(datagram.begin(), datagram.end()); }, *this)) {}
  void on_dtls_connected(const DtlsKeys&) override { is_connected = true; }
  void on_dtls_ended(const Error&) override {}

  /// Delivers what `from` has sent; whether there was any.
  bool take_from(End& from) {
    const auto datagrams = std::exchange(from.sent, {});
    const auto start = cpu_us();
    for (const auto& datagram : datagrams) session->take(datagram);
    used_us += cpu_us() - start;
    return !datagrams.empty();
  }
  std::vector<std::vector<std::uint8_t>> sent;
  double used_us = 0;
  bool is_connected = false;
  std::unique_ptr<DtlsSession> session;
};

bool connect(End& active, End& passive) {
  active.session->start();
  while (passive.take_from(active) || active.take_from(passive)) {
  }
  return active.is_connected && passive.is_connected;
}

}  // namespace

int main() {
  constexpr std::size_t count = 500;
  const auto certificate = make_peer_certificate(std::chrono::system_clock::now());
  const auto context = certificate ? DtlsContext::create(*certificate) : certificate.error();
  if (!context) return std::fprintf(stderr, "%s\n", context.error().message.c_str()), 1;
  std::deque<End> ends;
  double active_us = 0, passive_us = 0;
  for (std::size_t i = 0; i < count + 1; ++i) {
    auto& active = ends.emplace_back(*context, DtlsRole::active);
    auto& passive = ends.emplace_back(*context, DtlsRole::passive);
    if (!connect(active, passive)) return 1;
    if (i == 0) continue;  // loads what is loaded only once
    active_us += active.used_us / count;
    passive_us += passive.used_us / count;
  }
  const auto before = bytes_in_use();
  for (auto& end : ends) end.session.reset();
  const auto each = (before - bytes_in_use()) / ends.size();
  std::printf(
      "{\"active_us\": %.0f, \"passive_us\": %.0f, \"passive_handshakes_per_cpu_second\": %.0f, "
      "\"bytes_per_connected_session\": %zu}\n",
      active_us, passive_us, 1e6 / passive_us, each);
  return 0;
}
