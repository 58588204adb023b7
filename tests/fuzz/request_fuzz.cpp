// What comes in on a connection, in two pieces, and what is read of its fields. The cut must not matter.

#include <array>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>

#include "access/client_address.hpp"
#include "access/names.hpp"
#include "access/origin.hpp"
#include "http/accept.hpp"
#include "http/icy.hpp"
#include "http/public_url.hpp"
#include "http/request_gate.hpp"

using namespace voicecast;

namespace {

struct Outcome {
  std::string passed;
  bool is_refused = false;
  bool operator==(const Outcome&) const = default;
};

void take(RequestGate& gate, std::string_view bytes, Outcome& outcome) {
  outcome.is_refused = gate.take(bytes).has_value() || outcome.is_refused;
  std::array<char, 1000> some;
  while (const auto count = gate.give(some.data(), some.size())) outcome.passed.append(some.data(), count);
}

Outcome outcome_of(std::string_view first, std::string_view second) {
  RequestGate gate;
  Outcome outcome;
  take(gate, first, outcome);
  take(gate, second, outcome);
  return outcome;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  const auto cut = size > 1 ? data[0] % size : 0;
  const auto whole = outcome_of(text, "");
  const auto in_pieces = outcome_of(text.substr(0, cut), text.substr(cut));
  // An empty line before a request may be cut, too; then it is a bad one.
  if (!text.starts_with('\r') && text.find("\r\n\r\n\r") == text.npos && whole != in_pieces) std::abort();
  if (whole.passed.find('\0') != std::string::npos && whole.passed.find("pgrade") == std::string::npos &&
      whole.passed.find("PGRADE") == std::string::npos && whole.passed.find("ontent") == std::string::npos &&
      whole.passed.find("ONTENT") == std::string::npos)
    std::abort();

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
