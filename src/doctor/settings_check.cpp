// SPDX-License-Identifier: MIT
#include "doctor/settings_check.hpp"

namespace voicecast {
namespace {

Finding check_user(const SettingsFacts& facts) {
  if (!facts.is_root) return ok("user", facts.user);
  return warning(
      "user", facts.user + ", with access to all files",
      "The server's user may not have access to the files below: run this command as that user, with sudo -u "
      "(docs/operating.md).");
}

Finding check_notice(const std::string& notice) {
  const auto [words, advice] = words_and_advice(notice);
  return warning("settings", words, advice);
}

}  // namespace

Findings check_settings(const SettingsFacts& facts) {
  Findings findings{check_user(facts)};
  findings.push_back(ok("settings", facts.file.empty() ? "no key file (--config)" : facts.file));
  for (const auto& notice : facts.notices) findings.push_back(check_notice(notice));
  if (!facts.token_error.empty())
    findings.push_back(problem("tokens", facts.token_error, "Check the group [auth] (docs/security.md)."));
  else if (facts.requires_tokens)
    findings.push_back(ok("tokens", "required"));
  return findings;
}

}  // namespace voicecast
