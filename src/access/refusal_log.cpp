// SPDX-License-Identifier: MIT
#include "access/refusal_log.hpp"

#include <chrono>

#include "access/rate_limit.hpp"
#include "base/address.hpp"
#include "base/log.hpp"
#include "base/thread_rule.hpp"

namespace voicecast {
namespace {

constexpr RateLimit::Seconds log_interval{60};

constexpr std::size_t v6_size = 16, network_size = 8;

}  // namespace

void log_refusal(RefusalReason reason, const std::string& key, std::string_view words) {
  assert_main_thread();
  static RateLimit lines(1, log_interval);
  const std::string kind = refusal_words[static_cast<std::size_t>(reason)];
  if (lines.refuse(kind + ' ' + key, std::chrono::steady_clock::now())) return;
  log_info(text_of_key(key) + ": refused (" + kind + "): " + std::string(words));
}

std::string text_of_key(const std::string& key) {
  AddressBytes bytes(key.begin(), key.end());
  const bool is_network = bytes.size() == network_size;
  if (is_network) bytes.resize(v6_size);
  return address_text(bytes) + (is_network ? "/64" : "");
}

}  // namespace voicecast
