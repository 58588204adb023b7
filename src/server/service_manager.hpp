// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace voicecast {

/// Notifications to the service manager (systemd, sd_notify(3)). No-ops without one, or without libsystemd. Any thread.
namespace service_manager {

/// Whether a service manager receives notifications.
bool is_there();

/// Reports that the service is ready: after the start and after a reload.
void tell_ready();
/// Reports that the settings are being reloaded.
void tell_reloading();
void tell_stopping();
/// Sets the line that `systemctl status` shows.
void tell_status(const std::string& line);
/// Resets the watchdog timer.
void feed_watchdog();

/// The watchdog's timeout, after which the manager restarts the service. Nothing: no watchdog.
std::optional<std::chrono::microseconds> watchdog_limit();

}  // namespace service_manager

/// The listening TCP sockets passed by the service manager (sd_listen_fds(3)); -1: not passed.
struct PassedSockets {
  int api = -1, audio = -1, tls = -1;
  struct Unused {
    int descriptor;
    std::string name;
  };
  std::vector<Unused> unused;  ///< surplus, or of an unknown name
};

/// Identifies passed sockets by name (FileDescriptorName=api, audio or tls), otherwise by order: api, audio, tls. Call
/// it once, before any child process starts: it sets close-on-exec. The caller owns the descriptors. Main thread.
PassedSockets take_passed_sockets();

/// The same for descriptors from `first` on with these names; separate for its test.
PassedSockets sort_sockets(int first, const std::vector<std::string>& names);

/// The IP address of a listening socket; empty for every interface.
std::string address_of(int descriptor);

}  // namespace voicecast
