// SPDX-License-Identifier: MIT
#include "doctor/resource_check.hpp"

#include <algorithm>
#include <string>

#include "doctor/directory_facts.hpp"

namespace voicecast {
namespace {

/// Descriptors of an idle server, the reserve of 64 (stream/admission.cpp), and one stream with a listener.
constexpr std::uint64_t descriptors_of_the_first = 128;

/// docs/security.md
constexpr std::uint64_t descriptors_of_a_receiver = 20;

/// Memory for a few streams and listeners. At full load it is more: MemoryHigh= of the unit.
constexpr std::uint64_t little_memory = 128'000'000;

Finding check_descriptors(const ResourceFacts& facts) {
  const char* subject = "open files";
  const std::uint64_t wanted = facts.limits.descriptors;
  if (facts.descriptors >= wanted) return ok(subject, std::to_string(wanted) + ", as set by [limits] descriptors");
  const auto words = std::to_string(facts.descriptors) + " at most; [limits] descriptors is " + std::to_string(wanted);
  const std::string advice = "LimitNOFILE= of the service, or \"ulimit -Hn\" of the shell.";
  if (facts.descriptors < descriptors_of_the_first)
    return problem(subject, words, "Too few for one stream: raise " + advice);
  const auto receivers = (facts.descriptors - descriptors_of_the_first) / descriptors_of_a_receiver;
  return warning(
      subject, words,
      "Enough for about " + std::to_string(receivers) + " WebRTC listeners; more are refused. Raise " + advice);
}

Finding check_memory(std::uint64_t available) {
  const char* subject = "memory";
  const auto words = bytes_text(available) + " available";
  if (available >= little_memory) return ok(subject, words);
  return warning(subject, words, "Too little for continuous audio: stop other programs, or lower [limits].");
}

}  // namespace

Findings check_resources(const ResourceFacts& facts) {
  Findings findings{check_descriptors(facts)};
  if (facts.memory_bytes) findings.push_back(check_memory(*facts.memory_bytes));
  return findings;
}

}  // namespace voicecast
