// SPDX-License-Identifier: MIT
#include "connection/connection_machine.hpp"

#include <glib.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace voicecast {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::StartsWith;

std::string request(const std::string& line, const std::string& fields = "") {
  return line + "\r\nHost: localhost\r\n" + fields + "\r\n";
}

const std::string get = request("GET /a HTTP/1.1");
const std::string other_get = request("GET /b HTTP/1.1");
const std::string malformed = "GET /%00 HTTP/1.1\r\n\r\n";
const std::string upgrade = request("GET /ws HTTP/1.1", "Upgrade: websocket\r\n");

std::string response(const std::string& body, const std::string& fields = "") {
  return "HTTP/1.1 200 OK\r\n" + fields + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

const std::string switching = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n";

std::string frame(unsigned opcode, const std::string& payload, bool is_final = true) {
  std::string bytes{static_cast<char>((is_final ? 0x80 : 0) | opcode)};
  if (payload.size() < 126) {
    bytes += static_cast<char>(0x80 | payload.size());
  } else {
    const bool is_short = payload.size() < 0x10000;
    bytes += static_cast<char>(0x80 | (is_short ? 126 : 127));
    for (int i = is_short ? 1 : 7; i >= 0; --i) bytes += static_cast<char>(payload.size() >> (8 * i));
  }
  return bytes + "mask" + payload;
}

/// A machine with a client at one side and libsoup at the other.
struct Talk {
  explicit Talk(ConnectionMachine::Purpose purpose = ConnectionMachine::Purpose::serve) : machine(purpose, 50) {}

  void client(std::string_view bytes) { machine.take(bytes, now); }
  /// All that libsoup reads, in as many turns as it needs.
  std::string read() {
    std::string all;
    do {
      machine.begin_turn();
      std::array<char, 100> some;
      while (const auto count = machine.give(some.data(), some.size(), now)) all.append(some.data(), count);
    } while (machine.is_ready() && !machine.is_at_end());
    return all;
  }
  /// libsoup writes; gives what goes to the client.
  std::string write(std::string_view bytes) {
    std::string sent;
    while (!bytes.empty() && !machine.swallows()) {
      const auto part = bytes.substr(0, machine.sendable(bytes));
      sent += part;
      machine.on_sent(part);
      bytes.remove_prefix(part.size());
    }
    return sent;
  }
  std::string own() {
    const std::string bytes(machine.own_output());
    machine.on_own_sent(bytes.size());
    return bytes;
  }
  void upgraded() {
    client(upgrade);
    read();
    write(switching);
  }

  ConnectionMachine machine;
  ConnectionMachine::Time now{};
};

// Requests

TEST(ConnectionMachine, NothingPassesBeforeTheHeadIsWhole) {
  Talk talk;
  for (std::size_t i = 0; i + 1 < get.size(); ++i) {
    talk.client(get.substr(i, 1));
    EXPECT_EQ(talk.read(), "");
    EXPECT_EQ(talk.machine.phase(), Phase::request);
  }
  talk.client(get.substr(get.size() - 1));
  EXPECT_EQ(talk.read(), get);
  EXPECT_EQ(talk.machine.phase(), Phase::response);
}

TEST(ConnectionMachine, OneRequestAtATimeWhereverTheyAreCut) {
  const auto all = get + request("POST /c HTTP/1.1", "Content-Length: 5\r\n") + "12345" + other_get;
  for (std::size_t cut = 0; cut <= all.size(); ++cut) {
    Talk talk;
    talk.client(std::string_view(all).substr(0, cut));
    auto seen = talk.read();
    EXPECT_LE(seen.size(), get.size());
    talk.client(std::string_view(all).substr(cut));
    seen += talk.read();
    EXPECT_EQ(seen, get);
    EXPECT_FALSE(talk.machine.wants_input());
    talk.write(response("one"));
    EXPECT_THAT(talk.read(), testing::EndsWith("12345"));
    talk.write(response("two"));
    EXPECT_EQ(talk.read(), other_get);
    talk.write(response("three"));
    EXPECT_EQ(talk.machine.phase(), Phase::idle);
  }
}

TEST(ConnectionMachine, EmptyLinesBeforeARequestAreIgnored) {
  Talk talk;
  talk.client("\r\n\r\n" + get);
  EXPECT_EQ(talk.read(), get);
}

TEST(ConnectionMachine, ARefusalComesBehindTheResponsesBeforeIt) {
  Talk talk;
  talk.client(get + malformed);
  EXPECT_EQ(talk.read(), get);
  EXPECT_EQ(talk.own(), "");
  EXPECT_EQ(talk.write(response("one")), response("one"));
  EXPECT_EQ(talk.read(), "?") << "libsoup 3.2 must see a byte before the end";
  EXPECT_TRUE(talk.machine.is_at_end());
  EXPECT_THAT(talk.own(), StartsWith("HTTP/1.1 400 "));
  EXPECT_EQ(talk.machine.take_reason(), RefusalReason::malformed);
  EXPECT_EQ(talk.machine.take_reason(), std::nullopt);
  EXPECT_TRUE(talk.machine.is_over());
}

TEST(ConnectionMachine, NothingPassesAfterARefusal) {
  Talk talk;
  talk.client(malformed + get);
  EXPECT_EQ(talk.read(), "?");
  talk.client(get);
  EXPECT_EQ(talk.read(), "");
  EXPECT_THAT(talk.own(), StartsWith("HTTP/1.1 400 "));
  EXPECT_EQ(talk.write(response("late")), "");
}

TEST(ConnectionMachine, NonHTTPIsRefusedAtFirstByte) {
  for (const auto& first : std::vector<std::string>{"\x16", "\x80", " ", std::string(1, '\0')}) {
    Talk talk;
    talk.client(first);
    EXPECT_THAT(talk.own(), StartsWith("HTTP/1.1 400 "));
  }
}

TEST(ConnectionMachine, AHeadWithoutAnEndIsRefused) {
  Talk line, fields;
  line.client("GET /" + std::string(max_head_bytes, 'a'));
  EXPECT_THAT(line.own(), StartsWith("HTTP/1.1 414 "));
  fields.client("GET / HTTP/1.1\r\nA: " + std::string(max_head_bytes, 'a'));
  EXPECT_THAT(fields.own(), StartsWith("HTTP/1.1 431 "));
}

TEST(ConnectionMachine, HalfCloseWaitsForResponse) {
  Talk talk;
  talk.client(get);
  talk.machine.take_end();
  EXPECT_EQ(talk.read(), get);
  EXPECT_FALSE(talk.machine.is_at_end());
  EXPECT_EQ(talk.write(response("one")), response("one"));
  EXPECT_TRUE(talk.machine.is_at_end());
}

TEST(ConnectionMachine, EndOfFileInsideRequest) {
  Talk nothing, head, body;
  nothing.machine.take_end();
  EXPECT_EQ(nothing.read(), "?");
  EXPECT_EQ(nothing.read(), "") << "once";
  head.client("GET /");
  head.machine.take_end();
  EXPECT_EQ(head.read(), "?");
  body.client(request("POST / HTTP/1.1", "Content-Length: 5\r\n") + "1");
  body.machine.take_end();
  EXPECT_THAT(body.read(), testing::EndsWith("\r\n\r\n1"));
  EXPECT_TRUE(body.machine.is_at_end());
}

TEST(ConnectionMachine, ABodyIsCutWhereTheEndIsInsideIt) {
  const auto chunked = request("POST / HTTP/1.1", "Transfer-Encoding: chunked\r\n");
  const auto counted = request("POST / HTTP/1.1", "Content-Length: 3\r\n");
  for (const auto& begun : {chunked, chunked + "3", chunked + "3\r\nab", chunked + "3\r\nabc\r\n",
                            chunked + "3\r\nabc\r\n0\r\n", counted, counted + "ab"}) {
    Talk left, late;
    left.client(begun);
    late.client(begun);
    left.read();
    EXPECT_FALSE(left.machine.is_body_cut()) << begun << ": more may come";
    left.machine.take_end();
    late.machine.refuse({408, "late"});
    for (auto* talk : {&left, &late}) {
      talk->read();
      EXPECT_TRUE(talk->machine.is_at_end()) << begun;
      EXPECT_TRUE(talk->machine.is_body_cut()) << begun;
    }
  }
  for (const auto& other : {std::string(), get.substr(0, 5), get, chunked + "0\r\n\r\n", counted + "abc"}) {
    Talk talk;
    talk.client(other);
    talk.machine.take_end();
    talk.read();
    EXPECT_FALSE(talk.machine.is_body_cut()) << other;
  }
}

TEST(ConnectionMachine, AResponseInPiecesEndsWhereItsLengthSays) {
  const auto whole = response("body");
  Talk talk;
  talk.client(get + other_get);
  talk.read();
  for (const char c : whole) {
    EXPECT_EQ(talk.read(), "");
    EXPECT_EQ(talk.write(std::string(1, c)), std::string(1, c));
  }
  EXPECT_EQ(talk.read(), other_get);
}

TEST(ConnectionMachine, ResponsesWithoutABody) {
  for (const std::string text :
       {"HTTP/1.1 204 No Content\r\n\r\n", "HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"}) {
    Talk talk;
    talk.client(get);
    talk.read();
    talk.write(text);
    EXPECT_EQ(talk.machine.phase(), Phase::idle) << text;
  }
  Talk head;
  head.client(request("HEAD / HTTP/1.1"));
  head.read();
  head.write("HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n");
  EXPECT_EQ(head.machine.phase(), Phase::idle);
}

TEST(ConnectionMachine, NothingFollowsAResponseThatCloses) {
  Talk talk;
  talk.client(get + other_get);
  talk.read();
  talk.write(response("last", "Connection: close\r\n"));
  EXPECT_EQ(talk.read(), "");
  EXPECT_TRUE(talk.machine.is_over());
}

TEST(ConnectionMachine, ResponseUntilClose) {
  Talk talk;
  talk.client(get + other_get);
  talk.read();
  const std::string audio = "HTTP/1.1 200 OK\r\n\r\nforever";
  EXPECT_EQ(talk.write(audio), audio);
  EXPECT_EQ(talk.machine.phase(), Phase::response);
  EXPECT_EQ(talk.read(), "");
}

TEST(ConnectionMachine, ContinueIsNoResponse) {
  Talk talk;
  const auto head = request("POST / HTTP/1.1", "Expect: 100-continue\r\nContent-Length: 4\r\n");
  talk.client(head);
  EXPECT_EQ(talk.read(), head);
  EXPECT_EQ(talk.write("HTTP/1.1 100 Continue\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
  EXPECT_EQ(talk.machine.phase(), Phase::request);
  talk.client("body");
  EXPECT_EQ(talk.read(), "body");
  talk.write(response("one"));
  EXPECT_EQ(talk.machine.phase(), Phase::idle);
}

TEST(ConnectionMachine, AResponseBeforeTheBodyIsTheLast) {
  Talk talk;
  talk.client(request("POST / HTTP/1.1", "Expect: 100-continue\r\nContent-Length: 4\r\n"));
  talk.read();
  const std::string refusal = "HTTP/1.1 401 Unauthorized\r\nContent-Length: 2\r\n\r\nno";
  EXPECT_EQ(talk.write(refusal), refusal);
  talk.client("body" + get);
  EXPECT_EQ(talk.read(), "");
  EXPECT_TRUE(talk.machine.is_over());
}

// Chunked bodies

TEST(ConnectionMachine, AChunkedBodyWhereverItIsCut) {
  const std::string body = "5;ext=1\r\n12345\r\n03\r\nabc\r\n0\r\nTrailer: x\r\n\r\n";
  const auto head = request("POST / HTTP/1.1", "Transfer-Encoding: chunked\r\n");
  for (std::size_t cut = 0; cut <= body.size(); ++cut) {
    Talk talk;
    talk.client(head + body.substr(0, cut));
    auto seen = talk.read();
    talk.client(body.substr(cut) + get);
    seen += talk.read();
    ASSERT_THAT(seen, StartsWith(head));
    EXPECT_THAT(seen, testing::EndsWith("\r\n0\r\n\r\n"));
    EXPECT_THAT(seen, testing::Not(HasSubstr("ext"))) << "others read extensions differently";
    EXPECT_THAT(seen, testing::Not(HasSubstr("Trailer")));
    talk.write(response("one"));
    EXPECT_EQ(talk.read(), get);
  }
}

std::string chunk(std::size_t size) {
  std::array<char, 20> line{};
  g_snprintf(line.data(), line.size(), "%zx\r\n", size);
  return line.data() + std::string(size, 'a') + "\r\n";
}

TEST(ConnectionMachine, AChunkedBodyOf64KiBPassesAndOneByteMoreDoesNot) {
  const auto head = request("POST / HTTP/1.1", "Transfer-Encoding: chunked\r\n");
  Talk good, bad;
  good.client(head + chunk(max_body_bytes - 1) + chunk(1) + "0\r\n\r\n");
  good.read();
  EXPECT_EQ(good.machine.phase(), Phase::response);
  bad.client(head + chunk(max_body_bytes));
  bad.read();
  bad.client("1\r\n");
  bad.read();
  EXPECT_THAT(bad.own(), StartsWith("HTTP/1.1 413 "));
}

TEST(ConnectionMachine, InvalidChunks) {
  for (const std::string body :
       {"x\r\n", "-1\r\n", "\r\n", "1\na\r\n", "1\r\nab\r\n", "ffffffffffffffffff\r\n", "1 \n"}) {
    Talk talk;
    talk.client(request("POST / HTTP/1.1", "Transfer-Encoding: chunked\r\n") + body);
    talk.read();
    EXPECT_THAT(talk.own(), testing::AnyOf(StartsWith("HTTP/1.1 400 "), StartsWith("HTTP/1.1 413 "))) << body;
  }
  Talk endless;
  endless.client(request("POST / HTTP/1.1", "Transfer-Encoding: chunked\r\n") + "1;" + std::string(8192, 'a'));
  endless.read();
  EXPECT_THAT(endless.own(), StartsWith("HTTP/1.1 400 "));
}

TEST(ConnectionMachine, ARefusalInABodyWhoseResponseHasBegunSaysNothing) {
  Talk talk;
  talk.client(request("POST / HTTP/1.1", "Transfer-Encoding: chunked\r\n"));
  talk.read();
  const auto early = response("early");
  EXPECT_EQ(talk.write(early.substr(0, 20)), early.substr(0, 20));
  talk.client("x\r\n");
  EXPECT_EQ(talk.write(early.substr(20) + "more"), early.substr(20));
  EXPECT_EQ(talk.own(), "");
  EXPECT_TRUE(talk.machine.is_over());
}

// The port of HTTPS

TEST(ConnectionMachine, HTTPIsSentToHTTPS) {
  Talk talk(ConnectionMachine::Purpose::redirect);
  talk.client("GET /a?b=c HTTP/1.1\r\nHost: radio.local:8443\r\n\r\n");
  const auto said = talk.own();
  EXPECT_THAT(said, StartsWith("HTTP/1.1 308 "));
  EXPECT_THAT(said, HasSubstr("\r\nLocation: https://radio.local:8443/a?b=c\r\n"));
  EXPECT_EQ(talk.machine.take_reason(), RefusalReason::tls);
}

TEST(ConnectionMachine, HTTPWithoutHostGetsText) {
  for (const std::string fields : {"", "Host: \r\n", "Host: a b\r\n", "Host: a/b\r\n", "Host: a@b\r\n"}) {
    Talk talk(ConnectionMachine::Purpose::redirect);
    talk.client("GET / HTTP/1.1\r\n" + fields + "\r\n");
    EXPECT_THAT(talk.own(), testing::AllOf(StartsWith("HTTP/1.1 400 "), HasSubstr("https"))) << fields;
  }
}

// WebSockets

TEST(ConnectionMachine, UpgradeNeedsMatchingResponse) {
  Talk refused, accepted;
  for (auto* talk : {&refused, &accepted}) {
    talk->client(upgrade + frame(opcode_text, "hello"));
    EXPECT_EQ(talk->read(), upgrade);
  }
  refused.write(response("no"));
  refused.read();
  EXPECT_THAT(refused.own(), StartsWith("HTTP/1.1 400 ")) << "a frame is no request";
  accepted.write(switching);
  EXPECT_EQ(accepted.machine.phase(), Phase::websocket);
  EXPECT_EQ(accepted.read(), frame(opcode_text, "hello"));
}

TEST(ConnectionMachine, FakeUpgradeBoundsBody) {
  Talk talk;
  talk.client(request("GET /health HTTP/1.1", "Upgrade: websocket\r\nUpgrade: x\r\n"));
  talk.read();
  talk.write(response("healthy"));
  EXPECT_EQ(talk.machine.phase(), Phase::idle);
  talk.client(request("POST / HTTP/1.1", "Content-Length: 65537\r\n"));
  talk.read();
  EXPECT_THAT(talk.own(), StartsWith("HTTP/1.1 413 "));
}

TEST(ConnectionMachine, FramesWhereverTheyAreCut) {
  const auto all = frame(opcode_text, "hello") + frame(opcode_ping, "") + frame(opcode_text, std::string(200, 'a')) +
                   frame(opcode_text, "one", false) + frame(opcode_pong, "p") + frame(opcode_continuation, "two");
  for (std::size_t cut = 0; cut <= all.size(); ++cut) {
    Talk talk;
    talk.upgraded();
    talk.client(all.substr(0, cut));
    auto seen = talk.read();
    talk.client(all.substr(cut));
    EXPECT_EQ(seen + talk.read(), all);
  }
}

struct Violation {
  std::string name, bytes;
  unsigned code;
};

std::string with_length(std::uint64_t length) {
  std::string bytes = "\x81\xFF";
  for (int i = 7; i >= 0; --i) bytes += static_cast<char>(length >> (8 * i));
  return bytes + "mask";
}

const auto violations = {
    Violation{"not masked", "\x81\x01x", 1002},
    Violation{"reserved bits", "\xC1\x81maskx", 1002},
    Violation{"an unknown opcode", "\x83\x81maskx", 1002},
    Violation{"an unknown control opcode", "\x8B\x80mask", 1002},
    Violation{"a fragmented ping", frame(opcode_ping, "", false), 1002},
    Violation{"a ping of 126 bytes", frame(opcode_ping, std::string(126, 'a')), 1002},
    Violation{"a continuation of nothing", frame(opcode_continuation, "a"), 1002},
    Violation{"a message inside another", frame(opcode_text, "a", false) + frame(opcode_text, "b"), 1002},
    Violation{"a length longer than it must be", "\x81\xFE" + std::string("\0\x01mask", 6) + "a", 1002},
    Violation{"a frame over 256 KiB", with_length(max_message_bytes + 1), 1009},
    Violation{"a frame of 2^63 bytes", with_length(std::uint64_t{1} << 63), 1009},
    Violation{"fragments over 256 KiB",
              frame(opcode_text, std::string(max_message_bytes, 'a'), false) + frame(opcode_continuation, "b"), 1009},
};

/// The code of the close frame that a connection says by itself.
unsigned code_of(const std::string& own) {
  if (own.size() < 4 || own[0] != '\x88') return 0;
  return static_cast<unsigned char>(own[2]) * 256U + static_cast<unsigned char>(own[3]);
}

TEST(ConnectionMachine, ViolationsCloseTheWebSocket) {
  for (const auto& violation : violations) {
    Talk talk;
    talk.upgraded();
    talk.client(violation.bytes);
    talk.read();
    EXPECT_EQ(code_of(talk.own()), violation.code) << violation.name;
    EXPECT_EQ(talk.machine.take_reason(), RefusalReason::messages);
    EXPECT_TRUE(talk.machine.is_at_end());
    EXPECT_EQ(talk.write("\x81\x01x"), "") << "nothing follows a close frame";
  }
}

TEST(ConnectionMachine, AMessageOf256KiBPassesInPieces) {
  const auto message = frame(opcode_text, std::string(max_message_bytes / 2, 'a'), false) +
                       frame(opcode_continuation, std::string(max_message_bytes / 2, 'b'));
  Talk talk;
  talk.upgraded();
  std::size_t seen = 0;
  for (std::size_t at = 0; at < message.size(); at += 8192) {
    talk.client(std::string_view(message).substr(at, 8192));
    seen += talk.read().size();
  }
  EXPECT_EQ(seen, message.size());
  EXPECT_EQ(talk.machine.phase(), Phase::websocket);
}

TEST(ConnectionMachine, ACloseFrameWaitsForTheEndOfLibsoupsFrame) {
  const std::string ours = "\x81\x05hello", next = "\x81\x01x";
  Talk talk;
  talk.upgraded();
  EXPECT_EQ(talk.write(ours.substr(0, 3)), ours.substr(0, 3));
  talk.client("\x81\x01x");
  talk.read();
  EXPECT_EQ(talk.own(), "");
  EXPECT_FALSE(talk.machine.is_over());
  EXPECT_EQ(talk.write(ours.substr(3) + next), ours.substr(3));
  EXPECT_EQ(code_of(talk.own()), 1002U);
  EXPECT_TRUE(talk.machine.is_over());
}

TEST(ConnectionMachine, NothingIsReadAfterTheClientsCloseFrame) {
  const auto goodbye = frame(opcode_close, "\x03\xE8");
  Talk talk;
  talk.upgraded();
  talk.client(goodbye + "nonsense");
  EXPECT_EQ(talk.read(), goodbye);
  talk.client("nonsense");
  EXPECT_EQ(talk.read(), "");
  EXPECT_EQ(talk.own(), "");
}

TEST(ConnectionMachine, MessagesPerSecondAreLimited) {
  Talk talk;
  talk.upgraded();
  const auto say = [&](unsigned count) {
    for (; count > 0; --count) {
      talk.client(frame(opcode_ping, ""));
      talk.read();
    }
  };
  say(200);  // four seconds' messages at once
  EXPECT_EQ(talk.machine.phase(), Phase::websocket);
  talk.now += 2s;
  say(100);
  EXPECT_EQ(talk.machine.phase(), Phase::websocket);
  say(1);
  EXPECT_EQ(code_of(talk.own()), 1008U);
}

TEST(ConnectionMachine, LargeFragmentsCountByTheirBytesAlone) {
  Talk talk;
  talk.upgraded();
  const auto send = [&](std::size_t size) {
    talk.client(frame(opcode_text, "", false));
    for (int i = 0; i < 256; ++i) {
      talk.client(frame(opcode_continuation, std::string(size, 'a'), false));
      talk.read();
    }
  };
  send(1024);
  EXPECT_EQ(talk.machine.phase(), Phase::websocket);
  talk.client(frame(opcode_continuation, ""));
  send(0);
  EXPECT_EQ(code_of(talk.own()), 1008U);
}

TEST(ConnectionMachine, NonReadingClientIsNotRead) {
  Talk talk;
  talk.upgraded();
  talk.machine.on_blocked();
  const auto message = frame(opcode_text, std::string(8000, 'a'));
  for (int i = 0; i < 200 && talk.machine.phase() == Phase::websocket; ++i) {
    talk.client(message);
    talk.read();
    talk.now += 1s;
  }
  EXPECT_EQ(talk.machine.take_reason(), RefusalReason::stalled);
  EXPECT_EQ(talk.own(), "");
}

// Turns

TEST(ConnectionMachine, IterationIsBounded) {
  Talk talk;
  talk.upgraded();
  std::string many;
  for (int i = 0; i < 100; ++i) many += frame(opcode_ping, "");
  talk.machine.begin_turn();
  talk.client(many);
  std::array<char, 10000> some;
  std::size_t seen = 0, turns = 0;
  for (; talk.machine.is_ready(); ++turns) {
    while (const auto count = talk.machine.give(some.data(), some.size(), talk.now)) seen += count;
    EXPECT_EQ(seen < many.size(), talk.machine.is_ready() || !talk.machine.wants_input());
    talk.machine.begin_turn();
  }
  EXPECT_EQ(seen, many.size());
  EXPECT_GE(turns, 10U);
}

// Others

TEST(ConnectionMachine, ATakenConnectionIsNotReadAnyMore) {
  Talk talk;
  talk.client(get + malformed);
  talk.read();
  talk.machine.be_taken();
  EXPECT_EQ(talk.machine.phase(), Phase::taken);
  talk.client(malformed);
  EXPECT_EQ(talk.read(), "");
  EXPECT_EQ(talk.own(), "");
  EXPECT_EQ(talk.machine.phase(), Phase::taken);
  talk.machine.end();
  EXPECT_TRUE(talk.machine.is_over());
}

TEST(ConnectionMachine, ARefusalOfTheWholeConnection) {
  Talk talk;
  talk.machine.refuse({503, "Service unavailable: there are too many connections", RefusalReason::connections});
  EXPECT_THAT(talk.own(), testing::AllOf(StartsWith("HTTP/1.1 503 "), HasSubstr("\r\nRetry-After: 5\r\n")));
  talk.machine.refuse({400, "again"});
  EXPECT_EQ(talk.own(), "");
}

TEST(ConnectionMachine, EachStateHasItsOwnTimeout) {
  Talk talk;
  talk.client(get + other_get);
  talk.read();
  const auto first = talk.machine.turn();
  talk.write(response("one"));
  talk.read();
  EXPECT_EQ(talk.machine.phase(), Phase::response);
  EXPECT_NE(talk.machine.turn(), first);
}

}  // namespace
}  // namespace voicecast
