// SPDX-License-Identifier: MIT

// A whole conversation on one connection: what the client sends, in pieces, and what libsoup does between them. The
// first bytes of the input say where it is cut and when libsoup answers; the rest is what the client says.

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "connection/connection_machine.hpp"

using namespace voicecast;

namespace {

void expect(bool is_true) {
  if (!is_true) std::abort();
}

/// libsoup, as far as a connection sees it: it reads requests and answers each, and echoes in a WebSocket.
class Libsoup {
 public:
  explicit Libsoup(ConnectionMachine& machine) : machine_(machine) {}

  void read(ConnectionMachine::Time now) {
    machine_.begin_turn();
    std::array<char, 1000> some;
    std::size_t in_this_turn = 0;
    while (const auto count = machine_.give(some.data(), some.size(), now)) {
      seen_.append(some.data(), count);
      in_this_turn += count;
      expect(in_this_turn <= 100 * 1024);  // a turn is bounded
    }
  }
  /// Writes a piece of what it has to say.
  void write(std::size_t size) {
    if (out_.empty() && machine_.phase() == Phase::response) out_ = response();
    if (out_.empty() && machine_.phase() == Phase::websocket) out_ = "\x81\x05hello";
    const auto part = std::string_view(out_).substr(0, size);
    const auto sendable = machine_.swallows() ? 0 : machine_.sendable(part);
    expect(machine_.own_output().empty() || sendable == 0);  // nothing between a response and its own words
    if (sendable > 0) machine_.on_sent(part.substr(0, sendable));
    out_.erase(0, machine_.swallows() ? part.size() : sendable);
  }

 private:
  std::string response() {
    const bool is_upgrade = seen_.find("Upgrade: websocket") != seen_.npos;
    seen_.clear();
    ++answered_;
    if (is_upgrade && answered_ % 2) return "HTTP/1.1 101 Switching Protocols\r\n\r\n";
    return "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nbody";
  }

  ConnectionMachine& machine_;
  std::string seen_, out_;
  unsigned answered_ = 0;
};

void say_own(ConnectionMachine& machine, std::string& said) {
  const auto own = machine.own_output();
  said += own;
  machine.on_own_sent(own.size());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr std::size_t plan_bytes = 8;
  if (size < plan_bytes) return 0;
  const auto* plan = data;
  std::string_view rest(reinterpret_cast<const char*>(data) + plan_bytes, size - plan_bytes);
  ConnectionMachine machine(plan[0] & 1 ? ConnectionMachine::Purpose::redirect : ConnectionMachine::Purpose::serve, 50);
  Libsoup libsoup(machine);
  ConnectionMachine::Time now{};
  std::string said;
  for (std::size_t step = 0; step < 4000 && !(rest.empty() && step > 100); ++step) {
    const auto action = plan[step % plan_bytes];
    if (machine.wants_input() && !rest.empty()) {
      const auto piece = rest.substr(0, 1 + action % 64 * (action & 0x80 ? 100 : 1));
      machine.take(piece, now);
      rest.remove_prefix(piece.size());
    }
    if (rest.empty() && action & 2) machine.take_end();
    if (action & 4) libsoup.read(now);
    if (action & 8) libsoup.write(1 + action / 16);
    if (action & 64) machine.on_blocked();
    say_own(machine, said);
    now += std::chrono::milliseconds(action & 16 ? 100 : 0);
    if (machine.is_over()) expect(machine.is_at_end() && machine.own_output().empty());
  }
  // What it says by itself is one refusal, or one close frame, and nothing else.
  const bool is_close_frame =
      said.size() >= 4 && said[0] == '\x88' && said.size() == 2U + static_cast<unsigned char>(said[1]);
  expect(said.empty() || is_close_frame || said.starts_with("HTTP/1.1 "));
  expect(said.find("HTTP/1.1 ", 1) == said.npos || machine.phase() == Phase::ending);
  return 0;
}
