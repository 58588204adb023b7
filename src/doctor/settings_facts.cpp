// SPDX-License-Identifier: MIT
#include <glib.h>
#include <unistd.h>

#include "doctor/settings_check.hpp"

namespace voicecast {

SettingsFacts look_at_settings(const Config& config) {
  SettingsFacts facts{g_get_user_name(), geteuid() == 0, {}, config.notices, config.auth.is_on, {}};
  if (config.file) facts.file = config.file->string();
  if (!config.auth.is_on) return facts;
  if (const auto verifier = TokenVerifier::load(config.auth); !verifier) facts.token_error = verifier.error().message;
  return facts;
}

}  // namespace voicecast
