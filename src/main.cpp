// SPDX-License-Identifier: MIT
#include <gst/gst.h>
#include <openssl/crypto.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <functional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "base/background.hpp"
#include "base/log.hpp"
#include "base/main_loop.hpp"
#include "base/thread_rule.hpp"
#include "config/config.hpp"
#include "doctor/doctor_command.hpp"
#include "gst/warm_up.hpp"
#include "server/server.hpp"
#include "server/service_manager.hpp"
#include "server/service_report.hpp"
#include "server/signals.hpp"
#include "server/token_command.hpp"

extern char** environ;

namespace voicecast {
namespace {

using namespace std::chrono_literals;

/// The time for connections to close when the server stops.
constexpr auto drain_limit = 2s;

int fail(const std::string& words) {
  std::fprintf(stderr, "voicecast: %s\n", words.c_str());
  return 1;
}

int print(const PrintAndExit& exit) {
  std::fputs(exit.text.c_str(), exit.to_stderr ? stderr : stdout);
  return exit.status;
}

/// Runs the main loop until all clients are disconnected, for drain_limit at most.
void drain_clients(const Server& server) {
  bool is_late = false;
  const auto limit = after(drain_limit, [&is_late] { is_late = true; });
  while (!server.is_empty() && !is_late) g_main_context_iteration(nullptr, TRUE);
}

/// Reads the current settings; PrintAndExit holds an error.
using ReadSettings = std::function<std::variant<Config, PrintAndExit>()>;

/// Applies the current settings; after an error they stay unchanged.
void apply_settings(Server& server, const ReadSettings& read_settings) {
  server.check_certificate();
  const auto settings = read_settings();
  const auto* wrong = std::get_if<PrintAndExit>(&settings);
  const auto taken = wrong ? Status(Error{ErrorCode::failed, wrong->text.substr(0, wrong->text.find('\n'))})
                           : server.reload(std::get<Config>(settings));
  if (!taken) return log_error("the settings stay unchanged: " + taken.error().message);
  for (const auto& notice : std::get<Config>(settings).notices) log_warning(notice);
  log_info("settings reloaded");
}

void reload(Server& server, const ReadSettings& read_settings) {
  service_manager::tell_reloading();
  apply_settings(server, read_settings);
  service_manager::tell_ready();  // with new or unchanged settings
}

int run(const Config& config, const ReadSettings& read_settings) {
  become_main_thread();
  start_logging(config.log_level);
  std::signal(SIGPIPE, SIG_IGN);  // writing to a closed connection is an error, not the end of the process
  // GStreamer's DTLS threads may outlive exit()'s handlers: without this they would use a freed OpenSSL and crash.
  OPENSSL_init_crypto(OPENSSL_INIT_NO_ATEXIT, nullptr);
  for (const auto& notice : config.notices) log_warning(notice);
  gst_init(nullptr, nullptr);
  Signals signals;
  const auto sockets = take_passed_sockets();
  for (const auto& [descriptor, name] : sockets.unused) log_warning("unused socket passed: " + name);
  auto server = Server::start(config, sockets);
  if (!server) return fail(server.error().message);
  log_info("voicecast " VOICECAST_VERSION " is ready");
  const ServiceReport report([&] { return (*server)->status_line(); });
  service_manager::tell_ready();
  warm_up();
  signals.run_until_stop([&] { reload(**server, read_settings); });
  log_info("stopping");
  service_manager::tell_stopping();
  end_warm_up();
  (*server)->stop();
  drain_clients(**server);
  server->reset();
  finish_background();
  // A server that stops soon after its start does not wait for the rest of the warm-up.
  if (!is_warm_up_over()) _exit(0);
  gst_deinit();
  return 0;
}

}  // namespace
}  // namespace voicecast

int main(int argc, char** argv) {
  using namespace voicecast;
  const std::vector<std::string> arguments(argv + 1, argv + argc);
  const auto environment = read_environment(environ);
  if (!arguments.empty() && arguments.front() == "token")
    return print(run_token_command(std::span(arguments).subspan(1), environment));
  if (!arguments.empty() && arguments.front() == "doctor")
    return print(run_doctor_command(std::span(arguments).subspan(1), environment));
  const auto read_settings = [&] { return read_config(arguments, environment); };
  const auto config = read_settings();
  if (const auto* exit = std::get_if<PrintAndExit>(&config)) return print(*exit);
  return run(std::get<Config>(config), read_settings);
}
