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

/// How long clients may take to say goodbye when we stop; systemd and people wait for us.
constexpr auto goodbye_limit = 2s;

int fail(const std::string& words) {
  std::fprintf(stderr, "voicecast: %s\n", words.c_str());
  return 1;
}

int print(const PrintAndExit& exit) {
  std::fputs(exit.text.c_str(), exit.to_stderr ? stderr : stdout);
  return exit.status;
}

/// Runs the loop on until everybody has gone, or for as long as that may take.
void say_goodbye(const Server& server) {
  bool is_late = false;
  const auto limit = after(goodbye_limit, [&is_late] { is_late = true; });
  while (!server.is_empty() && !is_late) g_main_context_iteration(nullptr, TRUE);
}

/// The settings as they are now, or why there are none.
using ReadSettings = std::function<std::variant<Config, PrintAndExit>()>;

/// What cannot be taken on stays as it is, and the log says why.
void take_on_settings(Server& server, const ReadSettings& read_settings) {
  server.check_certificate();
  const auto settings = read_settings();
  const auto* wrong = std::get_if<PrintAndExit>(&settings);
  const auto taken = wrong ? Status(Error{ErrorCode::failed, wrong->text.substr(0, wrong->text.find('\n'))})
                           : server.reload(std::get<Config>(settings));
  if (!taken) return log_error("the settings stay as they are: " + taken.error().message);
  for (const auto& notice : std::get<Config>(settings).notices) log_warning(notice);
  log_info("the settings are read again");
}

void reload(Server& server, const ReadSettings& read_settings) {
  service_manager::tell_reloading();
  take_on_settings(server, read_settings);
  service_manager::tell_ready();  // with the new ones or the old
}

int run(const Config& config, const ReadSettings& read_settings) {
  become_main_thread();
  start_logging(config.log_level);
  std::signal(SIGPIPE, SIG_IGN);  // a listener who leaves is an error of his write, not our end
  // GStreamer's DTLS threads end when they please, and would find OpenSSL gone (seen as a crash in exit()).
  OPENSSL_init_crypto(OPENSSL_INIT_NO_ATEXIT, nullptr);
  for (const auto& notice : config.notices) log_warning(notice);
  gst_init(nullptr, nullptr);
  Signals signals;
  const auto sockets = take_passed_sockets();
  for (const auto& [descriptor, name] : sockets.unused) log_warning("a socket was passed that is of no use: " + name);
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
  say_goodbye(**server);
  server->reset();
  finish_background();
  // A server that is told to stop soon after its start waits for nothing that no peer needs any more.
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
    return print(make_token_as_told(std::span(arguments).subspan(1), environment));
  if (!arguments.empty() && arguments.front() == "doctor")
    return print(examine_as_told(std::span(arguments).subspan(1), environment));
  const auto read_settings = [&] { return read_config(arguments, environment); };
  const auto config = read_settings();
  if (const auto* exit = std::get_if<PrintAndExit>(&config)) return print(*exit);
  return run(std::get<Config>(config), read_settings);
}
