// SPDX-License-Identifier: MIT

// The head of a request, and what is read of its fields.

#include <array>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "access/client_address.hpp"
#include "access/names.hpp"
#include "access/origin.hpp"
#include "connection/redirect.hpp"
#include "connection/request_head.hpp"
#include "http/accept.hpp"
#include "http/public_url.hpp"
#include "radio/icy.hpp"

using namespace voicecast;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  const auto verdict = check_head(text);
  if (const auto* head = std::get_if<RequestHead>(&verdict)) {
    const auto& passed = head->text;
    const auto again = check_head(passed);
    // What libsoup sees is read in one way: it has no other lines than its own, and checked again it is the same.
    const bool is_same = std::holds_alternative<RequestHead>(again) && std::get<RequestHead>(again).text == passed;
    if (!is_same || passed.find('\0') != passed.npos || passed.find("\r\n\r\n") + 4 != passed.size()) std::abort();
    static_cast<void>(redirect_to_https(*head));
  }

  static_cast<void>(quality_of(text, "audio/mpeg"));
  static_cast<void>(shows_html({false, false, text}));
  // A refusal says which setting would do: it must.
  for (const auto& refusal : {refuse_origin({}, text, std::nullopt, {}), refuse_origin({}, "localhost", text, {})}) {
    if (!refusal || refusal->origins.empty()) continue;
    const auto policy = parse_origin_policy(refusal->origins);
    if (!policy || policy->listed.size() != 1) std::abort();
  }
  if (frame_ancestors({}, text, {}).find_first_of(";,\r\n") != std::string::npos) std::abort();
  if (apply_forwarded({"http", "pi", ""}, {std::string(text), std::string(text), std::string(text)})
          .text()
          .find_first_of(" \"<>\r\n") != std::string::npos)
    std::abort();
  static_cast<void>(search_domains(text));
  const std::array proxies = {*parse_address_range("127.0.0.0/8")};
  counting_key(client_address(*parse_address("127.0.0.1"), text, proxies));
  IcyWeaver weaver;
  weaver.set_title(text);
  const auto woven = weaver.weave(std::string(icy_interval_bytes, 'a'));
  const auto block = static_cast<std::uint8_t>(woven[icy_interval_bytes]);
  if (woven.size() != icy_interval_bytes + 1 + block * 16U) std::abort();
  return 0;
}
