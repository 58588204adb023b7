// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace voicecast {

/// What the service manager (systemd, by sd_notify(3)) is told. Without one, or built without libsystemd, these do
/// nothing. Any thread.
namespace service_manager {

/// Somebody listens to what follows.
bool is_there();

/// The service answers. Also after reloading().
void tell_ready();
/// The settings are being read again.
void tell_reloading();
void tell_stopping();
/// One line for people, which `systemctl status` shows.
void tell_status(const std::string& line);
/// Still alive.
void feed_watchdog();

/// How long the manager waits for feed_watchdog() before it restarts us. None: it does not watch.
std::optional<std::chrono::microseconds> watchdog_limit();

}  // namespace service_manager

/// Listening TCP sockets that the service manager opened for us (sd_listen_fds(3)); -1: not this one.
struct PassedSockets {
  int api = -1, audio = -1, tls = -1;
  struct Unused {
    int descriptor;
    std::string name;
  };
  std::vector<Unused> unused;  ///< too many, or none of these names
};

/// A socket's place is told by its name (FileDescriptorName=api, audio or tls), else by its order: api, audio, tls.
/// Once only, before there are children: they do not inherit the sockets. The descriptors are the caller's.
PassedSockets take_passed_sockets();

/// The same of descriptors from `first` on, whose names are these. Apart for its test.
PassedSockets sort_sockets(int first, const std::vector<std::string>& names);

/// Where such a socket listens: an IP address, or nothing for every interface.
std::string address_of(int descriptor);

}  // namespace voicecast
