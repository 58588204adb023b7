// SPDX-License-Identifier: MIT
#include "connection/error_response.hpp"

namespace voicecast {
namespace {

/// RFC 9110 §15, RFC 6585.
const char* phrase_of(unsigned status) {
  switch (status) {
    case 308:
      return "Permanent Redirect";
    case 400:
      return "Bad Request";
    case 408:
      return "Request Timeout";
    case 413:
      return "Content Too Large";
    case 414:
      return "URI Too Long";
    case 417:
      return "Expectation Failed";
    case 429:
      return "Too Many Requests";
    case 431:
      return "Request Header Fields Too Large";
    case 501:
      return "Not Implemented";
    case 503:
      return "Service Unavailable";
    case 505:
      return "HTTP Version Not Supported";
    default:
      return "Error";
  }
}

}  // namespace

std::string to_http(const ErrorResponse& response, bool is_to_head) {
  std::string text = "HTTP/1.1 " + std::to_string(response.status) + ' ' + phrase_of(response.status) +
                     "\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\n"
                     "Cache-Control: no-cache, no-store\r\n";
  if (response.status == 503 || response.status == 429) text += "Retry-After: 5\r\n";
  if (!response.location.empty()) text += "Location: " + response.location + "\r\n";
  return text + "Content-Length: " + std::to_string(response.words.size()) + "\r\n\r\n" +
         (is_to_head ? "" : response.words);
}

}  // namespace voicecast
