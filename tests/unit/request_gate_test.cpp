#include "http/request_gate.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace voicecast {
namespace {

using testing::HasSubstr;

std::string request(const std::string& line, const std::string& fields = "") {
  return line + "\r\nHost: localhost\r\n" + fields + "\r\n";
}

unsigned status_of(const std::string& head) {
  const auto verdict = check_head(head);
  const auto* refusal = std::get_if<Refusal>(&verdict);
  return refusal ? refusal->status : 200;
}

std::string passed(RequestGate& gate) {
  std::string all;
  std::array<char, 100> some;
  while (const auto count = gate.give(some.data(), some.size())) all.append(some.data(), count);
  return all;
}

TEST(RequestGate, RealRequestsPass) {
  EXPECT_EQ(status_of("GET /stream/latest.mp3 HTTP/1.0\r\nUser-Agent: mpg123/1.31.2\r\nIcy-MetaData: 1\r\n\r\n"), 200U);
  EXPECT_EQ(status_of(request("GET /qr.svg?text=https%3A%2F%2Fa%20b+c HTTP/1.1", "Accept: */*\r\nRange: bytes=0-\r\n")),
            200U);
  EXPECT_EQ(status_of(request("GET http://localhost/health HTTP/1.1")), 200U);
  EXPECT_EQ(status_of(request("GET / HTTP/1.1",
                              "User-Agent: K\xC3\xBC"
                              "chenradio\r\nEmpty:\r\n")),
            200U);
  EXPECT_EQ(status_of(request("GET /a..b/...c HTTP/1.1")), 200U);
}

TEST(RequestGate, RequestLines) {
  for (const std::string line : {"GET",
                                 "GET /",
                                 "GET  HTTP/1.1",
                                 "G\x01T / HTTP/1.1",
                                 "GET / HTTPS/1.1",
                                 "GET health HTTP/1.1",
                                 "GET * HTTP/1.1",
                                 "GET /a b HTTP/1.1",
                                 "GET /%zz HTTP/1.1",
                                 "GET /%4 HTTP/1.1",
                                 "GET /% HTTP/1.1",
                                 "GET /a%00 HTTP/1.1",
                                 "GET /?t=%00 HTTP/1.1",
                                 "GET /../etc HTTP/1.1",
                                 "GET /a/.. HTTP/1.1",
                                 "GET /%2e%2E/etc HTTP/1.1",
                                 "GET /a%2f..%2fb HTTP/1.1",
                                 "GET /\xC3\xBC HTTP/1.1",
                                 "GET /#a HTTP/1.1",
                                 " GET / HTTP/1.1"})
    EXPECT_EQ(status_of(request(line)), 400U) << line;
  EXPECT_EQ(status_of(request(std::string("GET /a\0b HTTP/1.1", 17))), 400U);
  EXPECT_EQ(status_of(request("GET / HTTP/2.0")), 505U);
}

TEST(RequestGate, ALineOf8KiBPassesAndOneByteMoreDoesNot) {
  const auto line = [](std::size_t size) {
    const std::string begin = "GET /", end = " HTTP/1.1";
    return begin + std::string(size - begin.size() - end.size(), 'a') + end;
  };
  EXPECT_EQ(status_of(request(line(max_request_line_bytes))), 200U);
  EXPECT_EQ(status_of(request(line(max_request_line_bytes + 1))), 414U);
}

TEST(RequestGate, Fields) {
  for (const std::string field :
       {"Host: localhost", "Content-Length: 1\r\nContent-Length: 1", "Content-Length: -1", "Content-Length: +1",
        "Content-Length: 1x", "Content-Length:", "Authorization: a\r\nauthorization: b", "no colon", ": no name",
        "Name : space", " folded: line", "A: b\x7F", "A: b\nB: c", "A: b\rB: c", "A: \xFF\xFE"})
    EXPECT_EQ(status_of(request("GET / HTTP/1.1", field + "\r\n")), 400U) << field;
  EXPECT_EQ(status_of(request("GET / HTTP/1.1", std::string("A: b\0c\r\n", 8))), 400U);
  EXPECT_EQ(status_of(request("POST / HTTP/1.1", "Transfer-Encoding: chunked\r\n")), 411U);
}

TEST(RequestGate, AHundredFieldsPassAndOneMoreDoesNot) {
  std::string fields;
  for (std::size_t i = 1; i < max_header_fields; ++i) fields += "A: b\r\n";  // and Host
  EXPECT_EQ(status_of(request("GET / HTTP/1.1", fields)), 200U);
  EXPECT_EQ(status_of(request("GET / HTTP/1.1", fields + "A: b\r\n")), 431U);
}

TEST(RequestGate, ABodyOf64KiBPassesAndOneByteMoreDoesNot) {
  const auto length = [](std::size_t size) { return "Content-Length: " + std::to_string(size) + "\r\n"; };
  EXPECT_EQ(status_of(request("POST / HTTP/1.1", length(max_body_bytes))), 200U);
  EXPECT_EQ(status_of(request("POST / HTTP/1.1", length(max_body_bytes + 1))), 413U);
  EXPECT_EQ(status_of(request("POST / HTTP/1.1", "Content-Length: 99999999999999999999999\r\n")), 413U);
}

TEST(RequestGate, NothingPassesBeforeTheHeadIsWhole) {
  const auto whole = request("GET / HTTP/1.1");
  RequestGate gate;
  for (std::size_t i = 0; i + 1 < whole.size(); ++i) {
    EXPECT_FALSE(gate.take(whole.substr(i, 1)));
    EXPECT_TRUE(gate.is_inside_request());
    EXPECT_FALSE(gate.has_more());
  }
  EXPECT_FALSE(gate.take(whole.substr(whole.size() - 1)));
  EXPECT_FALSE(gate.is_inside_request());
  EXPECT_EQ(passed(gate), whole);
}

TEST(RequestGate, RequestsOneAfterTheOther) {
  const auto first = request("POST / HTTP/1.1", "Content-Length: 5\r\n") + "12345", second = request("GET /b HTTP/1.1");
  RequestGate gate;
  EXPECT_FALSE(gate.take("\r\n" + first + second));
  EXPECT_EQ(passed(gate), first + second);
  EXPECT_FALSE(gate.take("GET"));
  EXPECT_TRUE(gate.is_inside_request());
}

TEST(RequestGate, NothingPassesAfterARefusal) {
  RequestGate gate;
  EXPECT_THAT(gate.take("nonsense\r\n\r\n")->words, HasSubstr("Bad request"));
  EXPECT_FALSE(gate.take(request("GET / HTTP/1.1")));
  EXPECT_FALSE(gate.has_more());
}

TEST(RequestGate, AHeadWithoutAnEndIsRefused) {
  RequestGate line, fields;
  EXPECT_EQ(line.take("GET /" + std::string(max_head_bytes, 'a'))->status, 414U);
  EXPECT_EQ(fields.take("GET / HTTP/1.1\r\nA: " + std::string(max_head_bytes, 'a'))->status, 431U);
}

TEST(RequestGate, AfterAnUpgradeEverythingPasses) {
  const auto upgrade = request("GET /ws HTTP/1.1", "Upgrade: WebSocket\r\nConnection: Upgrade\r\n");
  RequestGate gate;
  EXPECT_FALSE(gate.take(upgrade + "\x81\x80"));
  EXPECT_TRUE(gate.is_upgraded());
  EXPECT_EQ(passed(gate), upgrade + "\x81\x80");
}

}  // namespace
}  // namespace voicecast
