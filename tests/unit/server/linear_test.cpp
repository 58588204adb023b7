// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <array>
#include <ctime>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "access/client_address.hpp"
#include "access/origin.hpp"
#include "connection/request_reader.hpp"
#include "http/accept.hpp"
#include "http/public_url.hpp"
#include "sdp/candidate.hpp"
#include "sdp/description.hpp"
#include "sdp/sdpfrag.hpp"
#include "signaling/client_message.hpp"
#include "whip/entity_tag.hpp"

/// Parsing of untrusted text is linear in its length, whatever it repeats: it runs on the main loop.
namespace voicecast {
namespace {

const std::string session = "v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=group:BUNDLE 0\r\n";
const std::string audio =
    "m=audio 9 UDP/TLS/RTP/SAVPF 111 1 2\r\na=mid:0\r\na=rtcp-mux\r\na=setup:actpass\r\na=rtpmap:111 opus/48000/2\r\n"
    "a=rtcp-fb:111 nack\r\na=ice-ufrag:EsAw\r\na=ice-pwd:P2uYro0UCOQ4zxjKXaWCBui1\r\na=fingerprint:sha-256 "
    "03:D6:6D:D0:88:35:C1:CA:3F:12:8C:CE:AC:D1:F3:1A:C9:41:63:09:6B:20:F4:45:AE:84:28:5B:C0:83:2D:72\r\n";

/// Each kind of line of a description or fragment, and some invalid ones.
const std::vector<std::string> lines = {
    "a=rtpmap:1 rtx/48000\r\n",
    "a=fmtp:1\r\n",
    "a=fmtp:1 apt=111\r\n",
    "a=fmtp:111 stereo=1;x\r\n",
    "a=rtcp-fb:1 nack\r\n",
    "a=candidate:1 1 udp 1 10.0.0.1 9 typ host\r\n",
    "a=candidate:x\r\n",
    "a=end-of-candidates\r\n",
    "a=mid:0\r\n",
    "a=group:BUNDLE 0 x\r\n",
    "a=sendrecv\r\n",
    "a=ice-ufrag:EsAw\r\n",
    "a=fingerprint:sha-256 00\r\n",
    "m=audio 9 UDP/TLS/RTP/SAVPF 111 1\r\n",
    "m=video 0 UDP/TLS/RTP/SAVPF 96\r\n",
    "m=\r\n",
    "x\r\n",
    "\r\n",
    "\n",
};

/// The beginning of a line, and its repeatable part.
struct LongLine {
  std::string begin, part;
};
const std::vector<LongLine> long_lines = {
    {"m=audio 9 UDP/TLS/RTP/SAVPF ", "111 "},
    {"m=audio 9 UDP/TLS/RTP/SAVPF ", "1 2 3 "},
    {"m=video 9 x ", "x "},
    {"m=audio", " "},
    {"a=rtpmap:1 ", "x "},
    {"a=rtpmap:1 ", "/"},
    {"a=fmtp:111 ", "apt=1;"},
    {"a=fmtp:111 ", ";"},
    {"a=fmtp:111 ", " "},
    {"a=group:BUNDLE ", "0 "},
    {"a=group:BUNDLE ", "x "},
    {"a=candidate:", "1 "},
    {"a=candidate:", "1"},
    {"a=candidate:1 1 udp 1 10.0.0.1 9 typ host", " x y"},
    {"a=fingerprint:", "sha-256 "},
    {"a=fingerprint:sha-256 ", "00:"},
    {"a=rtcp-fb:1", " nack"},
    {"a=ice-pwd:", "x"},
    {"a=mid:", "x"},
    {"a", ":"},
    {"", " "},
    {"", "="},
};

std::string filled(std::string text, const std::string& part, std::size_t size) {
  text.reserve(size);
  while (text.size() + part.size() <= size) text += part;
  return text;
}

double cpu_ms(const std::function<void()>& work) {
  const auto now = [] {
    timespec time{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_nsec) / 1e6;
  };
  const auto start = now();
  work();
  return now() - start;
}

/// Four times the text may take four times the time. Checked for times that delay the main loop, with a tolerance for a
/// busy machine; quadratic work takes sixteen times as long.
void expect_linear(const std::function<std::string(std::size_t)>& make,
                   const std::function<void(const std::string&)>& read, std::size_t size) {
  constexpr double noticed_ms = 20, allowed_growth = 10;
  const auto whole = make(size), quarter = make(size / 4);
  const auto time = cpu_ms([&] { read(whole); });
  if (time < noticed_ms) return;
  const auto time_of_quarter = cpu_ms([&] { read(quarter); });
  EXPECT_LT(time, allowed_growth * time_of_quarter) << whole.substr(session.size() + audio.size(), 100);
}

/// All descriptions use the same parser.
void read_one_offer(const std::string& text) { static_cast<void>(read_offer(text)); }

void read_one_fragment(const std::string& text) { static_cast<void>(read_fragment(text)); }

/// With each line in turn, and with all of one kind before all of the other.
void expect_linear_in_pairs(const std::string& head, const std::function<void(const std::string&)>& read) {
  for (const auto& one : lines)
    for (const auto& other : lines) {
      if (&one <= &other)
        expect_linear([&](std::size_t size) { return filled(head, one + other, size); }, read, max_sdp_bytes);
      expect_linear([&](std::size_t size) { return filled(filled(head, one, size / 2), other, size); }, read,
                    max_sdp_bytes);
    }
}

TEST(Linear, IsADescriptionOfManyLines) { expect_linear_in_pairs(session + audio, read_one_offer); }

TEST(Linear, IsTheSessionOfManyLines) {
  expect_linear_in_pairs(session, [](const std::string& text) { read_one_offer(text + audio); });
}

/// The maximal number of lines of each m-line.
TEST(Linear, IsADescriptionOfManyMLines) {
  for (const auto& one : lines)
    for (const auto& other : lines) {
      std::string media = audio;
      for (int i = 0; i < 240; ++i) media += one + other;
      expect_linear([&](std::size_t size) { return filled(session, media, size); }, read_one_offer, max_sdp_bytes);
    }
}

TEST(Linear, IsADescriptionOfLongLines) {
  for (const auto& line : long_lines)
    for (const auto& head : {session + audio, session})
      expect_linear(
          [&](std::size_t size) { return filled(head + line.begin, line.part, size - audio.size()) + "\r\n" + audio; },
          read_one_offer, max_sdp_bytes);
}

TEST(Linear, IsAFragment) {
  for (const auto& one : lines)
    expect_linear([&](std::size_t size) { return filled("a=candidate:1 1 udp x\r\n", one, size); }, read_one_fragment,
                  max_sdp_bytes);
  for (const auto& line : long_lines)
    expect_linear([&](std::size_t size) { return filled(line.begin, line.part, size); }, read_one_fragment,
                  max_sdp_bytes);
}

TEST(Linear, IsACandidate) {
  for (const auto* part : {"1", "1 ", " ", "\t", "a=candidate:1 ", "candidate:"})
    expect_linear([&](std::size_t size) { return filled("candidate:", part, size); },
                  [](const std::string& text) { static_cast<void>(check_candidate(text)); }, max_sdp_bytes);
}

TEST(Linear, IsAMessage) {
  const std::vector<std::string> parts = {
      R"("a":1,)", R"("a":{)", "[", "]", "\"", R"(\ud800)", R"(\n)", "1", "true,", " ", ",", "\xc3\xa4", "\xff", "x",
  };
  for (const auto* head : {"{", R"({"type":")"})
    for (const auto& one : parts)
      for (const auto& other : parts)
        expect_linear([&](std::size_t size) { return filled(head, one + other, size); },
                      [](const std::string& text) { static_cast<void>(parse_client_message(text)); }, max_sdp_bytes);
}

/// The look-ups in each request's fields.
void read_fields(const std::string& text) {
  const std::array proxies = {*parse_address_range("127.0.0.0/8")};
  static_cast<void>(quality_of(text, "audio/mpeg"));
  static_cast<void>(shows_html({false, false, text}));
  static_cast<void>(refuse_origin({}, text, std::nullopt, {}));
  static_cast<void>(refuse_origin({}, "localhost", text, {}));
  static_cast<void>(frame_ancestors({}, text, {}));
  static_cast<void>(apply_forwarded({"http", "pi", ""}, {text, text, text}));
  static_cast<void>(counting_key(client_address(*parse_address("127.0.0.1"), text, proxies)));
}

TEST(Linear, IsAField) {
  constexpr std::size_t max_head_bytes = 16 * 1024;
  const std::vector<std::string> parts = {",",    ";",         "=",   "\"",    "\\",  " ",
                                          ":",    "%",         "[",   "q=.1,", "*/*", "text/html;q=1,",
                                          "for=", "1.2.3.4, ", "/..", "a.",    "\xff"};
  for (const auto& one : parts)
    for (const auto& other : parts)
      expect_linear([&](std::size_t size) { return filled("", one + other, size); }, read_fields, max_head_bytes);
}

/// In pieces as small as a client may send them, and at once; the rest of what was refused is not looked at.
void read_request(const std::string& text) {
  for (const std::size_t piece : {std::size_t{1}, text.size()}) {
    RequestReader reader;
    std::string passed;
    for (std::size_t at = 0; at < text.size(); at += piece) {
      auto bytes = std::string_view(text).substr(at, piece);
      while (!bytes.empty() && !reader.is_whole())
        if (reader.take(bytes, passed)) return;
      if (reader.is_whole()) return;
    }
  }
}

TEST(Linear, IsARequest) {
  const std::string line = "POST / HTTP/1.1\r\n", host = "Host: localhost\r\n";
  const std::vector<std::string> heads = {"",
                                          "GET /",
                                          "GET /?",
                                          "GET http://",
                                          line,
                                          line + host + "A: ",
                                          line + host + "Cookie:",
                                          line + host + "Transfer-Encoding: chunked\r\n\r\n",
                                          line + host + "Transfer-Encoding: chunked\r\n\r\n1;",
                                          line + host + "Transfer-Encoding: chunked\r\n\r\n0\r\n"};
  const std::vector<std::string> parts = {
      "\r\n",       "\n", "\r", "A",    "A: b\r\n", "Host: x\r\n", "A:\n",
      " ",          "\t", ":",  "%41",  "%",        "/..",         "/a",
      "1\r\nx\r\n", "0",  "f",  ";a=b", "\xc3\xa4", "\xff",        "Expect: 100-continue\r\n"};
  for (const auto& head : heads)
    for (std::size_t i = 0; i < parts.size(); ++i)
      for (const auto& part : {parts[i], parts[i] + parts[(i + 1) % parts.size()]})
        expect_linear([&](std::size_t size) { return filled(head, part, size); }, read_request, max_sdp_bytes);
}

TEST(Linear, IsAnIfMatch) {
  for (const auto* part : {",", "\"a\",", "\"", "*", " ", "\"tag\" "})
    expect_linear([&](std::size_t size) { return filled("", part, size); },
                  [](const std::string& text) { static_cast<void>(match_tag(text, "\"tag\"")); }, max_sdp_bytes);
}

}  // namespace
}  // namespace voicecast
