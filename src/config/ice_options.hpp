// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "base/result.hpp"
#include "config/config.hpp"

/// The options that say how WebRTC finds its way, for the table in options.cpp.
namespace voicecast {

Status add_ice_address(Config& config, const std::string& value);
Status set_ice_port_range(Config& config, const std::string& value);
Status set_nat_1to1(Config& config, const std::string& value);
Status set_stun_server(Config& config, const std::string& value);
Status add_turn_server(Config& config, const std::string& value);
Status set_turn_ca(Config& config, const std::string& value);
Status set_turn_credentials(Config& config, const std::string& value);

/// Whether a TURN server's URI holds user and password.
bool holds_password(const std::string& turn_server);

/// When all options are set: what only full ICE can do chooses it, unless the operator did (`is_chosen`).
Status choose_ice(Config& config, bool is_chosen);

/// When all options are set: gives user and password to those TURN servers whose URI has none.
Status share_turn_credentials(Config& config);

}  // namespace voicecast
