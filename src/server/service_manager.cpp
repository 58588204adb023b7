// SPDX-License-Identifier: MIT
#include "server/service_manager.hpp"

#if HAVE_LIBSYSTEMD
#include <systemd/sd-daemon.h>
#endif

#include <netdb.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <ctime>

namespace voicecast {
namespace {

#if HAVE_LIBSYSTEMD

void notify(const std::string& state) { sd_notify(0, state.c_str()); }

std::uint64_t watchdog_us() {
  std::uint64_t limit = 0;
  return sd_watchdog_enabled(0, &limit) > 0 ? limit : 0;
}

std::vector<std::string> passed_names() {
  char** raw = nullptr;
  const int count = sd_listen_fds_with_names(1, &raw);
  std::vector<std::string> names;
  for (int i = 0; i < count; ++i) {
    names.emplace_back(raw[i]);
    std::free(raw[i]);
  }
  std::free(raw);
  return names;
}

#else

void notify(const std::string&) {}
std::uint64_t watchdog_us() { return 0; }
std::vector<std::string> passed_names() { return {}; }

#endif

/// CLOCK_MONOTONIC in µs, which systemd compares with its own clock.
std::string now_us() {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return std::to_string(std::uint64_t{1'000'000} * static_cast<std::uint64_t>(now.tv_sec) +
                        static_cast<std::uint64_t>(now.tv_nsec) / 1000);
}

/// SD_LISTEN_FDS_START
constexpr int first_passed = 3;

struct NamedSocket {
  std::string_view name;
  int PassedSockets::*descriptor;
};
constexpr std::array named_sockets{NamedSocket{"api", &PassedSockets::api}, NamedSocket{"audio", &PassedSockets::audio},
                                   NamedSocket{"tls", &PassedSockets::tls}};

const NamedSocket* find_named_socket(std::string_view name) {
  const auto found = std::ranges::find(named_sockets, name, &NamedSocket::name);
  return found == named_sockets.end() ? nullptr : &*found;
}

}  // namespace

namespace service_manager {

bool is_there() { return HAVE_LIBSYSTEMD && std::getenv("NOTIFY_SOCKET"); }

void tell_ready() { notify("READY=1"); }
void tell_reloading() { notify("RELOADING=1\nMONOTONIC_USEC=" + now_us()); }
void tell_stopping() { notify("STOPPING=1"); }
void tell_status(const std::string& line) { notify("STATUS=" + line); }
void feed_watchdog() { notify("WATCHDOG=1"); }

std::optional<std::chrono::microseconds> watchdog_limit() {
  const auto limit = watchdog_us();
  return limit > 0 ? std::optional(std::chrono::microseconds(limit)) : std::nullopt;
}

}  // namespace service_manager

PassedSockets sort_sockets(int first, const std::vector<std::string>& names) {
  PassedSockets sockets;
  const bool have_names =
      std::ranges::any_of(names, [](const auto& name) { return find_named_socket(name) != nullptr; });
  for (std::size_t i = 0; i < names.size(); ++i) {
    const auto* named = have_names                 ? find_named_socket(names[i])
                        : i < named_sockets.size() ? &named_sockets[i]
                                                   : nullptr;
    const int descriptor = first + static_cast<int>(i);
    if (named && sockets.*named->descriptor < 0)
      sockets.*named->descriptor = descriptor;
    else
      sockets.unused.push_back({descriptor, names[i]});
  }
  return sockets;
}

std::string address_of(int descriptor) {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  std::array<char, NI_MAXHOST> text{};
  auto* const generic = reinterpret_cast<sockaddr*>(&address);
  if (getsockname(descriptor, generic, &size) != 0 ||
      getnameinfo(generic, size, text.data(), text.size(), nullptr, 0, NI_NUMERICHOST) != 0)
    return {};
  const std::string name = text.data();
  return name == "::" || name == "0.0.0.0" ? "" : name;
}

PassedSockets take_passed_sockets() { return sort_sockets(first_passed, passed_names()); }

}  // namespace voicecast
