// SPDX-License-Identifier: MIT
#include "doctor/finding.hpp"

namespace voicecast {

std::string list_of(const std::vector<std::string>& words) {
  std::string list;
  for (std::size_t i = 0; i < words.size(); ++i)
    list += (i == 0 ? "" : i + 1 == words.size() ? " and " : ", ") + words[i];
  return list;
}

std::pair<std::string, std::string> words_and_advice(const std::string& error) {
  const auto end = error.find("; ");
  if (end == std::string::npos) return {error, {}};
  return {error.substr(0, end), error.substr(end + 2)};
}

}  // namespace voicecast
