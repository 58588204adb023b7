// Descriptions and candidates: what passes must be taken again, as we write it.

#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "media/candidate.hpp"
#include "media/description.hpp"

using namespace voicecast;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto offer = read_offer(text)) {
    const auto written = to_sdp(*offer);
    if (!read_offer(written)) std::abort();
    complete_answer(written, *offer);
  }
  static_cast<void>(read_answer(text, 111));
  mid_of(text);
  if (const auto candidate = check_candidate(text); candidate && !candidate->empty())
    if (!check_candidate(*candidate)) std::abort();
  return 0;
}
