// SPDX-License-Identifier: MIT
#include "radio/icy.hpp"

#include <algorithm>
#include <utility>

namespace voicecast {

void IcyWeaver::set_title(std::string_view title) {
  constexpr std::size_t max_title_bytes = 1000;  // the length byte allows 4080 for the whole block
  std::string text(title.substr(0, max_title_bytes));
  for (auto& c : text)
    if (static_cast<unsigned char>(c) < ' ') c = ' ';
  for (auto at = text.find("';"); at != std::string::npos; at = text.find("';")) text[at] = '`';  // ICY has no escape
  if (text.ends_with('\'')) text.back() = '`';
  block_ = "StreamTitle='" + text + "';";
  block_.resize((block_.size() + 15) / 16 * 16, '\0');
  block_.insert(block_.begin(), static_cast<char>(block_.size() / 16));
}

std::string IcyWeaver::weave(std::string_view audio) {
  std::string woven;
  while (!audio.empty()) {
    const auto count = std::min(audio.size(), until_next_);
    woven += audio.substr(0, count);
    audio.remove_prefix(count);
    until_next_ -= count;
    if (until_next_ > 0) continue;
    woven += block_.empty() ? std::string(1, '\0') : std::exchange(block_, {});
    until_next_ = icy_interval_bytes;
  }
  return woven;
}

}  // namespace voicecast
