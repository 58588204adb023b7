// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace voicecast {

/// The severity. A problem keeps the server, or one of its settings, from working.
enum class Level { ok, warning, problem };

/// The result of one check. A value type.
struct Finding {
  Level level = Level::ok;
  std::string subject;  ///< One or two words: "port 8080".
  std::string words;    ///< The state; may follow "subject: ".
  std::string advice;   ///< The remedy, in sentences. Empty if ok.
  bool operator==(const Finding&) const = default;
};
using Findings = std::vector<Finding>;

inline Finding ok(std::string subject, std::string words) {
  return {Level::ok, std::move(subject), std::move(words), {}};
}
inline Finding warning(std::string subject, std::string words, std::string advice) {
  return {Level::warning, std::move(subject), std::move(words), std::move(advice)};
}
inline Finding problem(std::string subject, std::string words, std::string advice) {
  return {Level::problem, std::move(subject), std::move(words), std::move(advice)};
}

/// `a, b and c`. Pure.
std::string list_of(const std::vector<std::string>& words);

/// Splits an error text "fault; remedy". Pure.
std::pair<std::string, std::string> words_and_advice(const std::string& error);

}  // namespace voicecast
