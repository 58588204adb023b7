// SPDX-License-Identifier: MIT
#include "doctor/port_owner.hpp"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <system_error>

namespace voicecast {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view listening = "0A";  // TCP_LISTEN of linux/net/tcp_states.h

std::string text_of(const fs::path& file) {
  std::ostringstream text;
  text << std::ifstream(file).rdbuf();
  return text.str();
}

bool is_of(std::string_view address, std::uint16_t port) {
  unsigned found = 0;
  const auto digits = address.substr(address.rfind(':') + 1);
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), found, 16);
  return error == std::errc() && found == port;
}

/// Whether the process has one of these sockets open ("socket:[12345]").
bool holds_one_of(const fs::path& process, const std::set<std::string>& sockets) {
  std::error_code problem;
  for (fs::directory_iterator at(process / "fd", problem), end; !problem && at != end; at.increment(problem)) {
    std::error_code gone;
    if (sockets.contains(fs::read_symlink(at->path(), gone).string())) return true;
  }
  return false;
}

std::optional<int> number_of(const std::string& name) {
  int number = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), number);
  return error == std::errc() && end == name.data() + name.size() ? std::optional(number) : std::nullopt;
}

std::string name_of(const fs::path& process) {
  auto name = text_of(process / "comm");
  return name.substr(0, name.find('\n'));
}

}  // namespace

bool is_systemd(const PortOwner& owner) { return owner.pid == 1 && owner.name == "systemd"; }

std::vector<ListeningSocket> listening_sockets(std::string_view table, std::uint16_t port) {
  std::istringstream lines{std::string(table)};
  std::vector<ListeningSocket> sockets;
  for (std::string line; std::getline(lines, line);) {
    // sl local_address rem_address st tx_queue:rx_queue tr:tm->when retrnsmt uid timeout inode …
    std::istringstream in(line);
    std::string slot, local, remote, state, queues, timer, retransmits, timeout;
    ListeningSocket socket;
    in >> slot >> local >> remote >> state >> queues >> timer >> retransmits >> socket.user_id >> timeout;
    in >> socket.inode;
    if (in && state == listening && is_of(local, port)) sockets.push_back(socket);
  }
  return sockets;
}

std::optional<PortOwner> owner_of(std::uint16_t port) {
  std::set<std::string> links;
  std::optional<PortOwner> owner;
  for (const auto* table : {"/proc/self/net/tcp", "/proc/self/net/tcp6"}) {
    for (const auto& socket : listening_sockets(text_of(table), port)) {
      links.insert("socket:[" + std::to_string(socket.inode) + ']');
      owner = PortOwner{0, {}, socket.user_id};
    }
  }
  std::error_code problem;
  for (fs::directory_iterator at("/proc", problem), end; owner && !problem && at != end; at.increment(problem)) {
    const auto pid = number_of(at->path().filename().string());
    if (!pid || !holds_one_of(at->path(), links)) continue;
    owner->pid = *pid;
    owner->name = name_of(at->path());
    if (!is_systemd(*owner)) break;
  }
  return owner;
}

}  // namespace voicecast
