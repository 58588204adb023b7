// SPDX-License-Identifier: MIT
#include "connection/request_head.hpp"

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
  const auto* error = std::get_if<ErrorResponse>(&verdict);
  return error ? error->status : 200;
}

std::string text_of(const std::string& head) {
  const auto verdict = check_head(head);
  const auto* good = std::get_if<RequestHead>(&verdict);
  return good ? good->text : "";
}

TEST(RequestHead, CommonRequestsPass) {
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

TEST(RequestHead, RequestLines) {
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

TEST(RequestHead, ALineOf8KiBPassesAndOneByteMoreDoesNot) {
  const auto line = [](std::size_t size) {
    const std::string begin = "GET /", end = " HTTP/1.1";
    return begin + std::string(size - begin.size() - end.size(), 'a') + end;
  };
  EXPECT_EQ(status_of(request(line(max_request_line_bytes))), 200U);
  EXPECT_EQ(status_of(request(line(max_request_line_bytes + 1))), 414U);
}

TEST(RequestHead, Fields) {
  for (const std::string field :
       {"Host: localhost", "Content-Length: 1\r\nContent-Length: 1", "Content-Length: -1", "Content-Length: +1",
        "Content-Length: 1x", "Content-Length:", "Authorization: a\r\nauthorization: b", "no colon", ": no name",
        "Name : space", " folded: line", "A: b\x7F", "A: b\nB: c", "A: b\rB: c"})
    EXPECT_EQ(status_of(request("GET / HTTP/1.1", field + "\r\n")), 400U) << field;
  EXPECT_EQ(status_of(request("GET / HTTP/1.1", std::string("A: b\0c\r\n", 8))), 400U);
}

TEST(RequestHead, AHundredFieldsPassAndOneMoreDoesNot) {
  std::string fields;
  for (std::size_t i = 1; i < max_header_fields; ++i) fields += "A: b\r\n";  // and Host
  EXPECT_EQ(status_of(request("GET / HTTP/1.1", fields)), 200U);
  EXPECT_EQ(status_of(request("GET / HTTP/1.1", fields + "A: b\r\n")), 431U);
}

TEST(RequestHead, ABodyOf64KiBPassesAndOneByteMoreDoesNot) {
  const auto length = [](std::size_t size) { return "Content-Length: " + std::to_string(size) + "\r\n"; };
  EXPECT_EQ(status_of(request("POST / HTTP/1.1", length(max_body_bytes))), 200U);
  EXPECT_EQ(status_of(request("POST / HTTP/1.1", length(max_body_bytes + 1))), 413U);
  EXPECT_EQ(status_of(request("POST / HTTP/1.1", "Content-Length: 99999999999999999999999\r\n")), 413U);
}

TEST(RequestHead, TextIsCanonical) {
  EXPECT_EQ(text_of("GET / HTTP/1.1\r\nHost:localhost\r\nA: \t b \r\n\r\n"),
            "GET / HTTP/1.1\r\nHost: localhost\r\nA: b\r\n\r\n");
}

TEST(RequestHead, AllLinesMayEndWithLFAlone) {
  EXPECT_EQ(text_of("GET / HTTP/1.1\nHost: localhost\n\n"), "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
  EXPECT_EQ(status_of("GET / HTTP/1.1\nHost: localhost\r\n\r\n"), 400U);
  EXPECT_EQ(status_of("GET / HTTP/1.1\r\nHost: localhost\n\n"), 400U);
  EXPECT_EQ(status_of("GET / HTTP/1.1\r\nHost: localhost\nA: b\r\n\r\n"), 400U);
}

TEST(RequestHead, Latin1BecomesUTF8) {
  EXPECT_EQ(text_of("GET / HTTP/1.1\r\nUser-Agent: K\xFC"
                    "che\r\n\r\n"),
            "GET / HTTP/1.1\r\nUser-Agent: K\xC3\xBC"
            "che\r\n\r\n");
}

TEST(RequestHead, TransferEncodings) {
  EXPECT_EQ(status_of(request("POST / HTTP/1.1", "Transfer-Encoding: Chunked\r\n")), 200U);
  EXPECT_EQ(status_of(request("POST / HTTP/1.1", "Transfer-Encoding: gzip\r\n")), 501U);
  EXPECT_EQ(status_of(request("POST / HTTP/1.1", "Transfer-Encoding: gzip, chunked\r\n")), 501U);
  for (const std::string fields :
       {"Transfer-Encoding: chunked\r\nContent-Length: 1", "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked"})
    EXPECT_EQ(status_of(request("POST / HTTP/1.1", fields + "\r\n")), 400U) << fields;
  EXPECT_EQ(status_of(request("POST / HTTP/1.0", "Transfer-Encoding: chunked\r\n")), 400U);
}

TEST(RequestHead, AnExpectationStaysOnlyWithABody) {
  const std::string expect = "Expect: 100-continue\r\n";
  EXPECT_THAT(text_of(request("POST / HTTP/1.1", expect + "Content-Length: 1\r\n")), HasSubstr(expect));
  EXPECT_THAT(text_of(request("POST / HTTP/1.1", expect)), testing::Not(HasSubstr("Expect")));
  EXPECT_THAT(text_of(request("POST / HTTP/1.0", expect + "Content-Length: 1\r\n")), testing::Not(HasSubstr("Expect")));
  EXPECT_EQ(status_of(request("POST / HTTP/1.1", "Expect: a wonder\r\n")), 417U);
}

TEST(RequestHead, OnlyAnUpgradeToAWebSocketHasNoBody) {
  const std::string body = "Content-Length: 1\r\n";
  EXPECT_EQ(status_of(request("GET /ws HTTP/1.1", body + "Upgrade: x, WebSocket\r\n")), 400U);
  EXPECT_THAT(text_of(request("POST /whip HTTP/1.1", body + "Upgrade: h2c\r\n")), HasSubstr(body));
}

}  // namespace
}  // namespace voicecast
