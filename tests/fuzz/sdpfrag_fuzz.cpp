// SPDX-License-Identifier: MIT

// Fragments of trickle ICE: what passes must be taken again, as we write it. And If-Match, which comes with them.

#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "sdp/sdpfrag.hpp"
#include "whip/entity_tag.hpp"

using namespace voicecast;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto fragment = read_fragment(text); fragment && !fragment->ice.ufrag.empty()) {
    const auto again = read_fragment(write_fragment(fragment->ice, "0", 111));
    if (!again || again->ice.candidates != fragment->ice.candidates || again->ice.pwd != fragment->ice.pwd)
      std::abort();
  }
  static_cast<void>(match_tag(std::string(text), "\"tag\""));
  return 0;
}
