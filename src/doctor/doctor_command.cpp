// SPDX-License-Identifier: MIT
#include "doctor/doctor_command.hpp"

#include <gst/gst.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <iterator>
#include <string_view>

#include "base/thread_rule.hpp"
#include "doctor/address_check.hpp"
#include "doctor/certificate_check.hpp"
#include "doctor/clock_check.hpp"
#include "doctor/ice_server_check.hpp"
#include "doctor/media_check.hpp"
#include "doctor/port_check.hpp"
#include "doctor/recording_check.hpp"
#include "doctor/registry_copy.hpp"
#include "doctor/report.hpp"
#include "doctor/resource_check.hpp"
#include "doctor/settings_check.hpp"

namespace voicecast {
namespace {

constexpr const char* usage =
    "Usage: voicecast doctor [OPTION]...\n"
    "Checks the requirements of voicecast on this machine, and prints remedies.\n\n"
    "It accepts the options of the server (see voicecast --help), its key file and\n"
    "environment, and checks these settings. It changes nothing. Run it as the\n"
    "server's user. Exit status: 0, or 1 with a problem.\n";

/// Colours are for terminals only, and not with NO_COLOR (https://no-color.org).
bool wants_colour() {
  const char* terminal = std::getenv("TERM");
  const char* no_colour = std::getenv("NO_COLOR");
  return isatty(STDOUT_FILENO) && !(no_colour && *no_colour) && terminal && std::string_view(terminal) != "dumb";
}

MediaFacts look_at_media_with_copy(const Config& config) {
  const RegistryCopy registry;
  gst_init(nullptr, nullptr);
  return look_at_media(config, look_at_directory(registry.directory()));
}

Findings examine(const Config& config) {
  Findings all;
  const auto add = [&all](const Findings& findings) { std::ranges::copy(findings, std::back_inserter(all)); };
  const auto now = std::chrono::system_clock::now();
  const auto addresses = look_at_addresses(config);
  add(check_settings(look_at_settings(config)));
  add(check_media(look_at_media_with_copy(config)));
  add(check_ports(look_at_ports(config, candidate_addresses(addresses))));
  add(check_addresses(addresses));
  add(check_ice_servers(look_at_ice_servers(config.ice_config)));
  add(check_certificate(look_at_certificate(config, now)));
  add(check_clock(look_at_clock(now)));
  add(check_recordings(look_at_recordings(config)));
  add(check_resources(look_at_resources(config.limits)));
  return all;
}

}  // namespace

PrintAndExit run_doctor_command(std::span<const std::string> arguments, const Environment& environment) {
  if (std::ranges::find(arguments, "--help") != arguments.end()) return {usage};
  const auto config = read_config(arguments, environment, OpenSecret::leave);
  if (const auto* exit = std::get_if<PrintAndExit>(&config)) return *exit;
  become_main_thread();
  const auto findings = examine(std::get<Config>(config));
  return {report_of(findings, wants_colour()), exit_status_of(findings)};
}

}  // namespace voicecast
