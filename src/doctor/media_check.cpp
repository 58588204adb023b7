// SPDX-License-Identifier: MIT
#include "doctor/media_check.hpp"

#include <algorithm>
#include <set>

namespace voicecast {
namespace {

constexpr unsigned needed_major = 1, needed_minor = 22;

std::string series_of(const std::string& version) { return version.substr(0, version.rfind('.')); }

Finding check_version(const MediaFacts& facts) {
  const char* subject = "GStreamer";
  if (facts.major != needed_major || facts.minor < needed_minor)
    return problem(subject, facts.version, "It must be 1.22 or newer, as Debian 12 has it.");
  if (!facts.webrtc_version.empty() && series_of(facts.webrtc_version) != series_of(facts.version))
    return warning(subject, facts.version + ", but webrtcbin is of " + facts.webrtc_version,
                   "Parts of two versions do not go together well: look for a second GStreamer in /usr/local, and in "
                   "$GST_PLUGIN_PATH and $LD_LIBRARY_PATH.");
  return ok(subject, facts.version);
}

/// Of "lamemp3enc (gstreamer1.0-plugins-ugly)".
std::string package_of(const std::string& missing) {
  const auto begin = missing.find('(') + 1;
  return missing.substr(begin, missing.find(')') - begin);
}

Finding check_elements(const MediaFacts& facts) {
  if (facts.missing.empty()) return ok("elements", "all are there");
  std::set<std::string> packages;
  for (const auto& missing : facts.missing) packages.insert(package_of(missing));
  std::string command = "sudo apt install";
  for (const auto& package : packages) command += ' ' + package;
  return problem("elements", "missing: " + list_of(facts.missing),
                 command +
                     " (installed already? Then GStreamer does not find its plugins: look at $GST_PLUGIN_PATH and "
                     "$GST_PLUGIN_SYSTEM_PATH)");
}

Finding check_texts(const MediaFacts& facts) {
  if (facts.text_error.empty())
    return ok("pipelines", facts.pipelines.empty() ? "the built-in ones" : "those of " + facts.pipelines);
  return problem(
      "pipelines", facts.text_error,
      "Mend the file, or delete it: the server then takes its own. pipelines/README.md shows how to try it.");
}

Finding check_registry(const MediaFacts& facts) {
  const auto path = facts.registry.path.string();
  if (facts.registry.why_not.empty()) return ok("plugin cache", path);
  return warning("plugin cache", path + " cannot be written: " + facts.registry.why_not,
                 "Each start looks at all plugins anew, which takes seconds. " + advice_for(facts.registry) +
                     " Or set GST_REGISTRY to a file elsewhere.");
}

}  // namespace

Findings check_media(const MediaFacts& facts) {
  Findings findings{check_version(facts), check_elements(facts)};
  if (facts.missing.empty()) findings.push_back(check_texts(facts));
  findings.push_back(check_registry(facts));
  return findings;
}

}  // namespace voicecast
