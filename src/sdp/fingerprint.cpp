// SPDX-License-Identifier: MIT
#include "sdp/fingerprint.hpp"

#include <glib.h>

#include <memory>

#include "base/ptr.hpp"

namespace voicecast {
namespace {

constexpr std::string_view begin_mark = "-----BEGIN CERTIFICATE-----";
constexpr std::string_view end_mark = "-----END CERTIFICATE-----";

std::string der_of(std::string_view pem) {
  const auto begin = pem.find(begin_mark), end = pem.find(end_mark);
  if (begin == std::string_view::npos || end == std::string_view::npos || end < begin) return {};
  const auto start = begin + begin_mark.size();
  const std::string base64(pem.substr(start, end - start));
  gsize size = 0;
  const std::unique_ptr<guchar, decltype(&g_free)> der(g_base64_decode(base64.c_str(), &size), &g_free);
  return {reinterpret_cast<const char*>(der.get()), size};
}

int checksum_type(std::string_view hash) {
  if (hash == "sha-256") return G_CHECKSUM_SHA256;
  if (hash == "sha-384") return G_CHECKSUM_SHA384;
  if (hash == "sha-512") return G_CHECKSUM_SHA512;
  return -1;
}

std::string with_colons(std::string_view hex) {
  std::string text;
  for (std::size_t i = 0; i < hex.size(); ++i) {
    if (i > 0 && i % 2 == 0) text += ':';
    text += g_ascii_toupper(hex[i]);
  }
  return text;
}

}  // namespace

std::string fingerprint_of(std::string_view certificate_pem, std::string_view hash) {
  const int type = checksum_type(hash);
  const auto der = der_of(certificate_pem);
  if (type < 0 || der.empty()) return {};
  const GUnique<char> hex(g_compute_checksum_for_data(static_cast<GChecksumType>(type),
                                                      reinterpret_cast<const guchar*>(der.data()), der.size()));
  return std::string(hash) + ' ' + with_colons(hex.get());
}

bool has_fingerprint(std::string_view certificate_pem, std::string_view fingerprint) {
  const auto own = fingerprint_of(certificate_pem, fingerprint.substr(0, fingerprint.find(' ')));
  return !own.empty() && own == fingerprint;
}

}  // namespace voicecast
