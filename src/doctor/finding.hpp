// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace voicecast {

/// How bad it is: a problem keeps the server, or what is asked of it, from working.
enum class Level { ok, warning, problem };

/// What one look has found.
struct Finding {
  Level level = Level::ok;
  std::string subject;  ///< A word or two: "port 8080".
  std::string words;    ///< What there is; may follow "subject: ".
  std::string advice;   ///< What to do about it, a sentence or more. Empty where nothing is to be done.
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

/// "a, b and c"
std::string list_of(const std::vector<std::string>& words);

/// Takes an error's "what is wrong; what to do" apart, as the server's own errors are written.
std::pair<std::string, std::string> words_and_advice(const std::string& error);

}  // namespace voicecast
