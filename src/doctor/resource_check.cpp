// SPDX-License-Identifier: MIT
#include "doctor/resource_check.hpp"

#include <algorithm>
#include <string>

#include "doctor/place.hpp"

namespace voicecast {
namespace {

/// What is open before anybody comes, the 64 that are kept free (media/admission.cpp), and one stream with a listener.
constexpr std::uint64_t descriptors_of_the_first = 128;

/// docs/security.md
constexpr std::uint64_t descriptors_of_a_receiver = 20;

/// What the server takes with a handful of streams and listeners. A full house takes more: MemoryHigh= of the unit.
constexpr std::uint64_t little_memory = 128'000'000;

Finding check_descriptors(const ResourceFacts& facts) {
  const char* subject = "open files";
  const std::uint64_t wanted = facts.limits.descriptors;
  if (facts.descriptors >= wanted) return ok(subject, std::to_string(wanted) + ", as [limits] descriptors asks");
  const auto words =
      std::to_string(facts.descriptors) + " at most; [limits] descriptors asks for " + std::to_string(wanted);
  const std::string advice = "LimitNOFILE= of the service, or \"ulimit -Hn\" of the shell that starts it.";
  if (facts.descriptors < descriptors_of_the_first)
    return problem(subject, words, "Too few for a single stream: raise " + advice);
  const auto receivers = (facts.descriptors - descriptors_of_the_first) / descriptors_of_a_receiver;
  return warning(
      subject, words,
      "Enough for about " + std::to_string(receivers) + " WebRTC listeners; more are refused. Raise " + advice);
}

Finding check_memory(std::uint64_t available) {
  const char* subject = "memory";
  const auto words = bytes_text(available) + " available";
  if (available >= little_memory) return ok(subject, words);
  return warning(subject, words, "Little for a voice that must not wait: end what else runs, or lower [limits].");
}

}  // namespace

Findings check_resources(const ResourceFacts& facts) {
  Findings findings{check_descriptors(facts)};
  if (facts.memory_bytes) findings.push_back(check_memory(*facts.memory_bytes));
  return findings;
}

}  // namespace voicecast
