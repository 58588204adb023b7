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
    return problem(subject, facts.version, "Install GStreamer 1.22 or newer (Debian 12 or newer).");
  if (!facts.webrtc_version.empty() && series_of(facts.webrtc_version) != series_of(facts.version))
    return warning(
        subject, facts.version + ", but webrtcbin has version " + facts.webrtc_version,
        "Mixed versions may fail: look for a second GStreamer in /usr/local, $GST_PLUGIN_PATH and $LD_LIBRARY_PATH.");
  return ok(subject, facts.version);
}

/// The package in "lamemp3enc (gstreamer1.0-plugins-ugly)".
std::string package_of(const std::string& missing) {
  const auto begin = missing.find('(') + 1;
  return missing.substr(begin, missing.find(')') - begin);
}

Finding check_elements(const MediaFacts& facts) {
  if (facts.missing.empty()) return ok("elements", "all installed");
  std::set<std::string> packages;
  for (const auto& missing : facts.missing) packages.insert(package_of(missing));
  std::string command = "sudo apt install";
  for (const auto& package : packages) command += ' ' + package;
  return problem("elements", "missing: " + list_of(facts.missing),
                 command +
                     " (if they are installed, GStreamer does not find its plugins: check $GST_PLUGIN_PATH and "
                     "$GST_PLUGIN_SYSTEM_PATH)");
}

Finding check_texts(const MediaFacts& facts) {
  if (facts.text_error.empty())
    return ok("pipelines", facts.pipelines.empty() ? "built in" : "from " + facts.pipelines);
  return problem("pipelines", facts.text_error,
                 "Correct the file, or delete it to use the built-in one. pipelines/README.md shows how to test it.");
}

Finding check_registry(const MediaFacts& facts) {
  const auto path = facts.registry.path.string();
  if (facts.registry.error.empty()) return ok("plugin cache", path);
  return warning("plugin cache", path + " cannot be written: " + facts.registry.error,
                 "Each start scans all plugins, which takes seconds. " + advice_for(facts.registry) +
                     " Or set GST_REGISTRY to another file.");
}

}  // namespace

Findings check_media(const MediaFacts& facts) {
  Findings findings{check_version(facts), check_elements(facts)};
  if (facts.missing.empty()) findings.push_back(check_texts(facts));
  findings.push_back(check_registry(facts));
  return findings;
}

}  // namespace voicecast
