// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cerrno>
#include <sstream>

#include "doctor/clock_check.hpp"
#include "doctor/ice_server_check.hpp"
#include "doctor/media_check.hpp"
#include "doctor/port_check.hpp"
#include "doctor/recording_check.hpp"
#include "doctor/report.hpp"
#include "doctor/resource_check.hpp"
#include "doctor/settings_check.hpp"
#include "unit/doctor/print_finding.hpp"

namespace voicecast {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::Field;
using testing::HasSubstr;

auto is_ok(const std::string& words) {
  return AllOf(Field(&Finding::level, Level::ok), Field(&Finding::words, HasSubstr(words)),
               Field(&Finding::advice, ""));
}
auto is_bad(Level level, const std::string& words, const std::string& advice) {
  return AllOf(Field(&Finding::level, level), Field(&Finding::words, HasSubstr(words)),
               Field(&Finding::advice, HasSubstr(advice)));
}
auto is_warning(const std::string& words, const std::string& advice) { return is_bad(Level::warning, words, advice); }
auto is_problem(const std::string& words, const std::string& advice) { return is_bad(Level::problem, words, advice); }

DirectoryFacts writable(const std::string& path, std::uint64_t free_bytes = 0) {
  return {path, true, {}, free_bytes, false};
}
DirectoryFacts closed(const std::string& path) { return {path, true, "Permission denied", 0, false}; }

TEST(Report, IsAlignedWithAdvice) {
  const Findings findings{ok("clock", "right"), warning("memory", "little", "Buy some."),
                          problem("port 8080", "taken", "Take another.")};
  EXPECT_EQ(report_of(findings, false),
            "ok       clock         right\n"
            "warning  memory        little\n"
            "                       → Buy some.\n"
            "problem  port 8080     taken\n"
            "                       → Take another.\n"
            "\n"
            "1 problem, 1 warning\n");
  EXPECT_EQ(report_of({ok("a", "b")}, false), "ok       a             b\n\nno problems, no warnings\n");
}

TEST(Report, HasEightyColumnsButForLongerWords) {
  std::string long_text = std::string(90, 'x');
  for (int i = 0; i < 60; ++i) long_text += " wörd";
  std::istringstream lines(report_of({warning("long", long_text, long_text)}, false));
  unsigned count = 0, full = 0;
  for (std::string line; std::getline(lines, line); ++count) {
    if (line.find('x') != line.npos) continue;
    const auto columns = std::ranges::count_if(line, [](char c) { return (c & 0xc0) != 0x80; });
    EXPECT_LE(columns, 80) << line;
    if (columns > 75) ++full;
  }
  EXPECT_GT(count, 10U);
  EXPECT_GT(full, 5U);
}

TEST(Report, EscapesControlCharacters) {
  EXPECT_EQ(report_of({ok("a", "b\033[31m\nc\xc2\x9b\xff")}, false),
            report_of({ok("a", "b [31m c \xef\xbf\xbd")}, false));
}

TEST(Report, IsColouredOnRequest) {
  EXPECT_THAT(report_of({problem("a", "b", "c")}, true), HasSubstr("\033[1;31mproblem  \033[0ma "));
}

TEST(Report, FailsForAProblemOnly) {
  EXPECT_EQ(exit_status_of({ok("a", "b"), warning("a", "b", "c")}), 0);
  EXPECT_EQ(exit_status_of({problem("a", "b", "c"), ok("a", "b")}), 1);
}

TEST(Words, AreListedWithAnd) {
  EXPECT_EQ(list_of({}), "");
  EXPECT_EQ(list_of({"a"}), "a");
  EXPECT_EQ(list_of({"a", "b", "c"}), "a, b and c");
}

// GStreamer

MediaFacts good_media() { return {1, 22, "1.22.0", "1.22.0", {}, {}, {}, writable("/cache")}; }

TEST(Media, IsOkOnDebian12) {
  EXPECT_THAT(check_media(good_media()),
              ElementsAre(is_ok("1.22.0"), is_ok("all"), is_ok("built in"), is_ok("/cache")));
}

TEST(Media, NamesThePackagesOfMissingElementsOnce) {
  auto facts = good_media();
  facts.missing = {"opusdec (gstreamer1.0-plugins-base)", "lamemp3enc (gstreamer1.0-plugins-ugly)",
                   "appsink (gstreamer1.0-plugins-base)"};
  EXPECT_THAT(check_media(facts)[1],
              is_problem("opusdec (gstreamer1.0-plugins-base), lamemp3enc",
                         "sudo apt install gstreamer1.0-plugins-base gstreamer1.0-plugins-ugly ("));
}

TEST(Media, RequiresOneRecentVersion) {
  auto facts = good_media();
  facts.minor = 20;
  EXPECT_THAT(check_media(facts)[0], is_problem("1.22.0", "1.22 or newer"));
  facts = good_media();
  facts.webrtc_version = "1.24.3";
  EXPECT_THAT(check_media(facts)[0], is_warning("webrtcbin has version 1.24.3", "/usr/local"));
  facts.webrtc_version = "1.22.9";
  EXPECT_THAT(check_media(facts)[0], is_ok("1.22.0"));
}

TEST(Media, ReportsInvalidTextAndUnwritableCache) {
  auto facts = good_media();
  facts.text_error = "/p/mp3.launch: no element \"lame\"";
  facts.registry = closed("/cache");
  const auto findings = check_media(facts);
  EXPECT_THAT(findings[2], is_problem("/p/mp3.launch: no", "Correct"));
  EXPECT_THAT(findings[3], is_warning("/cache cannot be written: Permission denied", "GST_REGISTRY"));
}

// Ports

Finding of_port(const TcpPort& port) { return check_ports({"192.0.2.1", {port}, std::nullopt, 1}).at(0); }

TEST(Ports, AreFreeOrAny) {
  EXPECT_EQ(of_port({"--port", 8080, 0, {}, {}}), ok("port 8080", "free"));
  EXPECT_THAT(of_port({"--port", 0, 0, {}, {}}), is_ok("any"));
}

TEST(Ports, AreInUse) {
  EXPECT_THAT(of_port({"--port", 80, EADDRINUSE, PortOwner{7, "nginx", 33}, {}}),
              is_problem("in use by nginx (process 7)", "--port"));
  EXPECT_THAT(of_port({"--port", 80, EADDRINUSE, PortOwner{0, "", 0}, {}}), is_problem("a program of root", "sudo ss"));
  EXPECT_THAT(of_port({"--port", 80, EADDRINUSE, std::nullopt, {}}), is_problem("in use", "sudo ss"));
  EXPECT_THAT(of_port({"--port", 80, EADDRINUSE, PortOwner{1, "systemd", 0}, {}}),
              is_warning("in use by systemd", "voicecast.socket"));
  EXPECT_THAT(of_port({"--port", 80, EADDRINUSE, PortOwner{1, "tini", 0}, {}}),
              is_problem("tini", "Stop that program"));
}

TEST(Ports, OfRunningVoicecastAreOk) {
  EXPECT_EQ(of_port({"--port", 80, EADDRINUSE, PortOwner{7, "voicecast", 33}, "0.1.0"}),
            ok("port 80", "in use by a running voicecast 0.1.0 (process 7)"));
  EXPECT_EQ(of_port({"--port", 80, EADDRINUSE, {}, "0.1.0"}), ok("port 80", "in use by a running voicecast 0.1.0"));
}

TEST(Ports, NeedRightsAndAnAddress) {
  EXPECT_THAT(of_port({"--port", 80, EACCES, {}, {}}), is_problem("below 1024", "voicecast.socket"));
  EXPECT_THAT(of_port({"--port", 80, EADDRNOTAVAIL, {}, {}}), is_problem("no address 192.0.2.1", "--bind"));
  const TcpPort port{"--port", 80, EADDRNOTAVAIL, {}, {}};
  EXPECT_EQ(check_ports({"192.0.2.1", {port, port}, std::nullopt, 1}).size(), 1U);
  EXPECT_THAT(of_port({"--port", 80, ENOMEM, {}, {}}), is_problem("cannot be opened", "--port"));
}

Finding of_udp(unsigned free, unsigned addresses) {
  return check_ports({"", {}, UdpPorts{{50000, 50099}, free, EADDRINUSE}, addresses}).at(0);
}

TEST(UdpPorts, SufficeForAHousehold) {
  EXPECT_THAT(of_udp(100, 2), is_ok("100 of 100 are free, for at least 50 more"));
  EXPECT_THAT(of_udp(20, 2), is_ok("least 10 more"));
  EXPECT_THAT(of_udp(19, 2), is_warning("least 9 more", "--ice-address"));
  EXPECT_THAT(of_udp(0, 2), is_problem("50000-50099: none", "--ice-port-range"));
}

constexpr const char* tcp_table =
    "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n"
    "   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000   998        0 4711 1 0 100 0 0 10 0\n"
    "   1: 0100007F:1F90 0100007F:A000 01 00000000:00000000 00:00000000 00000000   998        0 4712 1 0 20 4 30 10 "
    "-1\n"
    "   2: 00000000:0016 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4713 1 0 100 0 0 10 "
    "0\n";

TEST(PortOwner, IsFoundInProcNet) {
  EXPECT_THAT(listening_sockets(tcp_table, 8080), ElementsAre(ListeningSocket{4711, 998}));
  EXPECT_THAT(listening_sockets(tcp_table, 22), ElementsAre(ListeningSocket{4713, 0}));
  EXPECT_THAT(listening_sockets(tcp_table, 23), ElementsAre());
}

// The others

const auto noon = std::chrono::sys_days{std::chrono::year{2026} / 3 / 1} + std::chrono::hours(12);

TEST(Clock, IsSetAndKeptRight) {
  EXPECT_THAT(check_clock({noon, noon, true}), ElementsAre(is_ok("2026-03-01 (UTC), synchronized")));
  EXPECT_THAT(check_clock({noon, noon, false}), ElementsAre(is_warning("not synchronized", "set-ntp")));
  EXPECT_THAT(check_clock({noon, noon, std::nullopt}), ElementsAre(is_ok("2026-03-01")));
  EXPECT_THAT(check_clock({noon, noon + std::chrono::days(1), true}), ElementsAre(is_ok("synchronized")));
  EXPECT_THAT(check_clock({noon, noon + std::chrono::days(2), true}),
              ElementsAre(is_problem("built on 2026-03-03", "Set the clock")));
}

TEST(Resources, AreAsManyAsTheLimitsAskFor) {
  const auto of = [](std::uint64_t descriptors) { return check_resources({descriptors, {}, std::nullopt}).at(0); };
  EXPECT_THAT(of(16384), is_ok("16384"));
  EXPECT_THAT(of(16383), is_warning("16383 at most", "about 812 WebRTC listeners"));
  EXPECT_THAT(of(128), is_warning("128 at most", "LimitNOFILE"));
  EXPECT_THAT(of(127), is_problem("127 at most", "LimitNOFILE"));
}

TEST(Resources, KnowTheMemory) {
  EXPECT_EQ(available_memory("MemTotal:  4 kB\nMemAvailable:    2000 kB\n"), 2'048'000U);
  EXPECT_EQ(available_memory("MemTotal:  4 kB\n"), std::nullopt);
  EXPECT_THAT(check_resources({16384, {}, 128'000'000})[1], is_ok("128 MB"));
  EXPECT_THAT(check_resources({16384, {}, 127'999'999})[1], is_warning("MB available", "[limits]"));
}

TEST(Recordings, NeedADirectoryAndRoom) {
  const auto of = [](const DirectoryFacts& place) { return check_recordings({{"[publish.attic]", place, 128}}).at(0); };
  EXPECT_THAT(of(writable("/srv", 576'000'000)), is_ok("[publish.attic]: /srv, 576 MB free: 10 hours"));
  EXPECT_THAT(of(writable("/srv", 575'999'999)), is_warning("9 hours", "max-age"));
  EXPECT_THAT(of(closed("/srv")), is_problem("/srv cannot be written: Permission denied", "chown"));
  auto absent = writable("/srv", 576'000'000);
  absent.exists = false;
  EXPECT_THAT(of(absent), is_problem("/srv does not exist", "mount its disk"));
}

TEST(IceServers, Answer) {
  EXPECT_THAT(check_ice_servers({{{"stun:a:1", ""}, {"turn:b:2", "no answer"}}, "the CA is broken"}),
              ElementsAre(is_ok("stun:a:1"), is_warning("turn:b:2: no answer", "firewall"),
                          is_problem("the CA is broken", "--turn-ca")));
}

TEST(Settings, ReportTheUser) {
  EXPECT_THAT(check_settings({"voicecast", false, "/etc/v.conf", {}, true, {}}),
              ElementsAre(is_ok("voicecast"), is_ok("/etc/v.conf"), is_ok("required")));
  EXPECT_THAT(check_settings({"root", true, "", {"s holds a secret; chmod it"}, true, "too short"}),
              ElementsAre(is_warning("root", "sudo -u"), is_ok("no key file"),
                          is_warning("s holds a secret", "chmod it"), is_problem("too short", "[auth]")));
}

}  // namespace
}  // namespace voicecast
