// SPDX-License-Identifier: MIT

// Descriptions and candidates: what passes must be taken again, as we write it, and an answer has the m-lines of its
// offer, whatever words of the offer stand in it.

#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "sdp/candidate.hpp"
#include "sdp/description.hpp"
#include "sdp/description_text.hpp"
#include "sdp/local_description.hpp"
#include "sdp/sdp_sections.hpp"

using namespace voicecast;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto offer = read_offer(text)) {
    const auto written = to_sdp(*offer);
    if (!read_offer(written)) std::abort();
    auto ours = read_local_description(written, DescriptionType::answer);
    if (!ours) std::abort();
    ours->answer(*offer);
    const auto answer = read_sections(to_sdp(*ours));
    if (!answer || answer->medias.size() != offer->before.size() + 1 + offer->behind.size()) std::abort();
  }
  static_cast<void>(read_listener_offer(text));
  static_cast<void>(read_restart(text));
  static_cast<void>(read_answer(text, 111));
  if (auto ours = read_local_description(text, DescriptionType::offer)) {
    ours->renew({});
    to_sdp(*ours);
  }
  if (const auto candidate = check_candidate(text); candidate && !candidate->empty())
    if (!check_candidate(*candidate)) std::abort();
  return 0;
}
