// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "base/result.hpp"
#include "config/config.hpp"

/// Setters of the ICE options, for the table in options.cpp. Each Error names the fault and the valid values. Any
/// thread; set_turn_ca() and set_turn_credentials() read their files.
namespace voicecast {

Status add_ice_address(Config& config, const std::string& value);
Status set_ice_port_range(Config& config, const std::string& value);
Status set_nat_1to1(Config& config, const std::string& value);
Status set_stun_server(Config& config, const std::string& value);
Status add_turn_server(Config& config, const std::string& value);
Status set_turn_ca(Config& config, const std::string& value);
Status set_turn_credentials(Config& config, const std::string& value);

/// Whether a TURN server's URI contains user and password.
bool holds_password(const std::string& turn_server);

/// After all options are set: selects full ICE where an option needs it, unless the operator chose (`is_chosen`).
Status choose_ice(Config& config, bool is_chosen);

/// After all options are set: adds user and password to the TURN servers without.
Status share_turn_credentials(Config& config);

}  // namespace voicecast
