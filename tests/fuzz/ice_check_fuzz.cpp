// SPDX-License-Identifier: MIT
#include <netinet/in.h>

#include <cstdint>

#include "ice/ice_check.hpp"

/// Connectivity checks of strangers: whatever comes, the answer is never longer, and there is none for who does not
/// know the password. The one check that does is in the corpus.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace voicecast;
  static IceChecks checks;
  static const std::string password = "password of the corpus";
  sockaddr_storage from{};
  from.ss_family = AF_INET6;
  std::array<std::uint8_t, IceChecks::max_answer_bytes> answer{};
  const auto verdict = checks.judge(
      {data, size}, from, sizeof(sockaddr_in6),
      [](std::string_view ufrag) { return ufrag == "ours" ? &password : nullptr; }, answer);
  if (verdict.answer_bytes > size || (verdict.is_valid && verdict.answer_bytes == 0)) __builtin_trap();
  return 0;
}
