// SPDX-License-Identifier: MIT
#include "config/config.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <regex>
#include <sstream>

#include "base/log.hpp"
#include "config/options.hpp"

namespace voicecast {

// Printers for failures.
void PrintTo(const PrintAndExit& end, std::ostream* out) { *out << end.status << ' ' << end.text; }
void PrintTo(const Config&, std::ostream* out) { *out << "a valid Config"; }

namespace {

using Arguments = std::vector<std::string>;
using Outcome = std::variant<Config, PrintAndExit>;

Config expect_config(const Outcome& outcome) {
  if (const auto* end = std::get_if<PrintAndExit>(&outcome)) ADD_FAILURE() << end->text;
  return std::holds_alternative<Config>(outcome) ? std::get<Config>(outcome) : Config{};
}

std::string expect_error(int status, const Outcome& outcome) {
  if (std::holds_alternative<Config>(outcome)) {
    ADD_FAILURE() << "was accepted";
    return {};
  }
  const auto& end = std::get<PrintAndExit>(outcome);
  EXPECT_EQ(end.status, status) << end.text;
  EXPECT_TRUE(end.to_stderr);
  EXPECT_EQ(std::ranges::count(end.text, '\n'), 1) << end.text;
  EXPECT_TRUE(end.text.ends_with('\n'));
  return end.text.substr(0, end.text.size() - 1);
}

Config from_arguments(const Arguments& arguments) { return expect_config(read_config(arguments, {})); }
std::string usage_error(const Arguments& arguments) { return expect_error(2, read_config(arguments, {})); }
Config from_environment(const Environment& environment) { return expect_config(read_config({}, environment)); }
std::string environment_error(const Environment& environment) { return expect_error(1, read_config({}, environment)); }

std::string read_file(const std::filesystem::path& path) {
  std::ifstream file(path);
  EXPECT_TRUE(file) << path;
  return {std::istreambuf_iterator<char>(file), {}};
}

/// A temporary directory for each test.
class ConfigFile : public testing::Test {
 protected:
  ConfigFile() {
    std::string name = (std::filesystem::temp_directory_path() / "voicecast-XXXXXX").string();
    directory_ = mkdtemp(name.data());
  }
  ~ConfigFile() override { std::filesystem::remove_all(directory_); }

  std::string path(const std::string& name = "voicecast.conf") const { return directory_ / name; }
  /// Writes a file readable by its owner only; returns its path.
  std::string write(const std::string& name, const std::string& text) const {
    std::ofstream(path(name)) << text;
    std::filesystem::permissions(path(name), std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
    return path(name);
  }
  Outcome read(const std::string& text, Arguments arguments = {}, const Environment& environment = {}) const {
    std::ofstream(path()) << text;
    arguments.insert(arguments.end(), {"--config", path()});
    return read_config(arguments, environment);
  }
  Config config(const std::string& keys) const { return expect_config(read("[voicecast]\n" + keys + '\n')); }
  /// The error, without the file's directory.
  std::string error(const std::string& text) const {
    const std::string message = expect_error(1, read(text));
    EXPECT_TRUE(message.starts_with(path())) << message;
    return message.substr(std::min(message.size(), directory_.string().size() + 1));
  }

  std::filesystem::path directory_;
};

TEST(Config, HasTheDefaultsOfTheDesign) {
  const Config config = from_arguments({});
  EXPECT_EQ(config, Config{});
  EXPECT_EQ(config.bind, "");
  EXPECT_EQ(config.port, 8080);
  EXPECT_EQ(config.audio_port, 8081);
  EXPECT_EQ(config.tls_port, 8443);
  EXPECT_EQ(config.tls, TlsMode::automatic);
  EXPECT_EQ(config.ice, IceMode::lite);
  EXPECT_EQ(config.ice_port, 8555);
  EXPECT_EQ(config.egress, Egress::fanout);
  EXPECT_EQ(config.mp3_bitrate_kbps, 128u);
  EXPECT_EQ(config.log_level, G_LOG_LEVEL_INFO);
  EXPECT_FALSE(config.file);
}

TEST(Config, EveryDefaultArgumentChangesNothing) {
  for (const Option& option : all_options()) {
    if (!option.set || option.is_repeatable) continue;
    const std::string argument = "--" + std::string(option.name) + '=' + std::string(option.default_argument);
    EXPECT_EQ(from_arguments({argument}), Config{}) << argument;
  }
}

TEST(CommandLine, TakesBothForms) {
  const Config config = from_arguments({"--port", "9000", "--audio-port=9001", "--bind", "::1"});
  EXPECT_EQ(config.port, 9000);
  EXPECT_EQ(config.audio_port, 9001);
  EXPECT_EQ(config.bind, "::1");
}

TEST(CommandLine, SetsEveryMember) {
  const Config config = from_arguments(
      {"--tls-port=1", "--tls=off", "--ice=full", "--ice-port=2", "--stun-server=stun://a:3478", "--egress=webrtcbin",
       "--whip-strict=yes", "--mp3-bitrate=320", "--pipelines=/", "--state-dir=/nowhere/yet", "--log-level=debug"});
  EXPECT_EQ(config.tls_port, 1);
  EXPECT_EQ(config.tls, TlsMode::off);
  EXPECT_EQ(config.ice, IceMode::full);
  EXPECT_EQ(config.ice_port, 2);
  EXPECT_EQ(uri_of(*config.ice_config.stun_server), "stun:a:3478");
  EXPECT_EQ(config.egress, Egress::webrtcbin);
  EXPECT_TRUE(config.whip_strict);
  EXPECT_EQ(config.mp3_bitrate_kbps, 320u);
  EXPECT_EQ(config.pipelines, "/");
  EXPECT_EQ(config.state_dir, "/nowhere/yet");
  EXPECT_EQ(config.log_level, G_LOG_LEVEL_DEBUG);
}

TEST(CommandLine, LastValueWinsButListsGrow) {
  EXPECT_EQ(from_arguments({"--port=1", "--port=2"}).port, 2);
  EXPECT_EQ(from_arguments({"--ice-address=127.0.0.1", "--ice-address", "::1"}).ice_config.addresses,
            (Arguments{"127.0.0.1", "::1"}));
}

TEST(CommandLine, RefusesUnknownOptions) {
  EXPECT_EQ(usage_error({"--prot=80"}), "\"--prot\": unknown option; see voicecast --help");
  EXPECT_EQ(usage_error({"-p"}), "\"-p\": unknown option; see voicecast --help");
  EXPECT_EQ(usage_error({"port"}), "\"port\": unknown option; see voicecast --help");
  EXPECT_EQ(usage_error({"--"}), "\"--\": unknown option; see voicecast --help");
  EXPECT_EQ(usage_error({""}), "\"\": unknown option; see voicecast --help");
  EXPECT_EQ(usage_error({"a\nb"}), "\"a b\": unknown option; see voicecast --help");
}

TEST(CommandLine, RequiresTheArgument) {
  EXPECT_EQ(usage_error({"--port"}), "--port: needs an argument: --port PORT");
  EXPECT_EQ(usage_error({"--config", "--port=1"}), "--config: needs an argument: --config FILE");
  EXPECT_EQ(usage_error({"--help=me"}), "--help: takes no argument");
}

TEST(CommandLine, ErrorsComeFirst) {
  EXPECT_NE(usage_error({"--config=/nowhere", "--port=x"}), "");
  EXPECT_NE(expect_error(2, read_config(Arguments{"--port=x"}, {{"VOICECAST_NONSENSE", "1"}})), "");
}

TEST(Ports, AreZeroTo65535) {
  EXPECT_EQ(from_arguments({"--port=0"}).port, 0);
  EXPECT_EQ(from_arguments({"--port=65535"}).port, 65535);
  for (const std::string bad : {"65536", "-1", "+1", "", "abc", "80 ", "0x50", "80.0", "99999999999999999999"}) {
    for (const std::string option : {"--port", "--audio-port", "--tls-port", "--ice-port"}) {
      EXPECT_EQ(usage_error({option + '=' + bad}), option + ": \"" + bad + "\" is not a port (0 to 65535)");
    }
  }
}

TEST(Ports, OfApiAndAudioDiffer) {
  EXPECT_EQ(usage_error({"--port=9", "--audio-port=9"}),
            "--port and --audio-port: both are 9; they must differ, or be 0 for a free port");
  EXPECT_EQ(usage_error({"--port=8081"}),
            "--port and the default of --audio-port: both are 8081; they must differ, or be 0 for a free port");
  EXPECT_EQ(environment_error({{"VOICECAST_AUDIO_PORT", "8080"}}),
            "the default of --port and VOICECAST_AUDIO_PORT: both are 8080; they must differ, or be 0 for a free port");
  EXPECT_EQ(from_arguments({"--port=0", "--audio-port=0"}).audio_port, 0);
}

TEST(Values, BindIsAnAddress) {
  EXPECT_EQ(from_arguments({"--bind=0.0.0.0"}).bind, "0.0.0.0");
  EXPECT_EQ(from_arguments({"--bind=fd00::1"}).bind, "fd00::1");
  for (const std::string bad : {"localhost", "127.0.0.1:80", "[::1]", "1.2.3", "1.2.3.256"}) {
    EXPECT_TRUE(usage_error({"--bind=" + bad}).starts_with("--bind: \"" + bad + "\" is not an IP address")) << bad;
  }
}

TEST(Values, IceAddressIsOneOfAnInterface) {
  for (const std::string bad : {"localhost", "0.0.0.0", "::", "10.0.0.0/8"}) {
    EXPECT_TRUE(usage_error({"--ice-address=" + bad}).starts_with("--ice-address: \"" + bad + "\" is not the IP"));
  }
}

TEST(Values, TlsIsAutoOrFilesOrOff) {
  EXPECT_EQ(from_arguments({"--tls=auto"}).tls, TlsMode::automatic);
  EXPECT_EQ(from_arguments({"--tls=off"}).tls, TlsMode::off);
  const auto config = from_arguments({"--tls=cert.pem,key.pem"});
  EXPECT_EQ(config.tls, TlsMode::files);
  EXPECT_EQ(config.tls_certificate, "cert.pem");
  EXPECT_EQ(config.tls_key, "key.pem");
  for (const std::string bad : {"on", "cert.pem,", ",key.pem"})
    EXPECT_EQ(usage_error({"--tls=" + bad}), "--tls: \"" + bad + "\" is not auto, off or CERT.pem,KEY.pem");
}

TEST(Values, OriginsAreOfTheLanOrAnyOrListed) {
  EXPECT_TRUE(from_arguments({}).origins.is_lan);
  EXPECT_TRUE(from_arguments({"--origins=any"}).origins.is_any);
  EXPECT_EQ(from_arguments({"--origins=https://a.example.com,b.example.com"}).origins.listed.size(), 2U);
  EXPECT_TRUE(usage_error({"--origins=https://a/b"}).starts_with("--origins: "));
}

TEST(Values, EgressIsOneOfTwo) {
  EXPECT_EQ(from_arguments({"--egress=fanout"}).egress, Egress::fanout);
  EXPECT_EQ(from_arguments({"--egress=webrtcbin"}).egress, Egress::webrtcbin);
  EXPECT_EQ(usage_error({"--egress="}), "--egress: \"\" is not fanout or webrtcbin");
}

TEST(Values, StunServerIsAUri) {
  for (const auto& [given, read] : std::map<std::string, std::string>{
           {"stun:stun.example.org", "stun:stun.example.org:3478"},
           {"stun://stun.example.org:19302", "stun:stun.example.org:19302"},
           {"stun://[2001:db8::1]:1", "stun:[2001:db8::1]:1"},
       }) {
    const auto server = from_arguments({"--stun-server", given}).ice_config.stun_server;
    ASSERT_TRUE(server) << given;
    EXPECT_EQ(uri_of(*server), read);
  }
  EXPECT_FALSE(from_arguments({"--stun-server="}).ice_config.stun_server);
  for (const std::string bad :
       {"stun.example.org:3478", "http://a", "stun:", "stun://", "stun://:3478", "stun://a:0", "stun://a:65536",
        "stun://a/b", "stun://a?b", "stun://a#b", "stun://u@a", "stun:a?transport=udp", "turn:a", "stun://a b"}) {
    EXPECT_EQ(usage_error({"--stun-server", bad}), "--stun-server: \"" + bad + "\" is not of the form stun:HOST:PORT");
  }
}

TEST(Values, IcePortRangeHasTwoEnds) {
  EXPECT_EQ(from_arguments({"--ice-port-range=50000-50999"}).ice_config.ports, (PortRange{50000, 50999}));
  EXPECT_EQ(from_arguments({"--ice-port-range=1-65535"}).ice_config.ports, (PortRange{1, 65535}));
  EXPECT_EQ(from_arguments({"--ice-port-range=7-7"}).ice_config.ports, (PortRange{7, 7}));
  EXPECT_EQ(from_arguments({"--ice-port-range="}).ice_config.ports, std::nullopt);
  for (const std::string bad : {"1000", "2000-1000", "0-1", "1-65536", "1-", "-1", "1-2-3", "a-b", "1 - 2"})
    EXPECT_EQ(usage_error({"--ice-port-range=" + bad}),
              "--ice-port-range: \"" + bad + "\" is not a range of ports, such as 50000-50999");
}

TEST(Values, FullIceOptionsSelectIt) {
  for (const std::string option : {"--stun-server=stun:a", "--ice-port-range=1-2"}) {
    EXPECT_EQ(from_arguments({option}).ice, IceMode::full) << option;
    EXPECT_EQ(from_arguments({option, "--ice=full"}).ice, IceMode::full) << option;
  }
  EXPECT_EQ(from_arguments({"--stun-server=stun:a", "--ice=lite"}).ice, IceMode::lite);  // for the clients
  EXPECT_EQ(usage_error({"--ice=half"}), "--ice: \"half\" is not lite or full");
}

TEST(Values, Nat1to1IsAnAddress) {
  EXPECT_EQ(from_arguments({"--nat-1to1=203.0.113.7"}).ice_config.public_address, "203.0.113.7");
  EXPECT_EQ(from_arguments({"--nat-1to1=2001:db8::7"}).ice_config.public_address, "2001:db8::7");
  EXPECT_EQ(from_arguments({"--nat-1to1="}).ice_config.public_address, "");
  for (const std::string bad : {"example.org", "0.0.0.0", "::", "203.0.113.7:1"})
    EXPECT_EQ(usage_error({"--nat-1to1=" + bad}),
              "--nat-1to1: \"" + bad + "\" is not an IP address, such as 203.0.113.7");
}

TEST_F(ConfigFile, TurnServersGetTheCredentialsOfTheFile) {
  const auto secret = write("turn", "user:pass:word \nmore\n");
  const auto config = from_arguments({"--turn-server=turn:a", "--turn-server=turn:[::1]:443", "--turn-credentials",
                                      secret, "--turn-server=turn://b:1?transport=tcp", "--turn-server=turns:c"});
  const auto& servers = config.ice_config.turn_servers;
  ASSERT_EQ(servers.size(), 4U);
  EXPECT_EQ(uri_of(servers[0]), "turn:a:3478");
  EXPECT_EQ(uri_of(servers[1]), "turn:[::1]:443");
  EXPECT_EQ(uri_of(servers[2]), "turn:b:1?transport=tcp");
  EXPECT_EQ(uri_of(servers[3]), "turns:c:5349");
  for (const auto& server : servers) {
    EXPECT_EQ(server.username, "user");
    EXPECT_EQ(server.credential, "pass:word");
  }
}

TEST_F(ConfigFile, TurnServersOfTheFileMayHaveCredentialsOfTheirOwn) {
  const auto servers = config("turn-server=turn://u:p%40%2C@a,turn:b\nturn-credentials=" + write("turn", "user:pass\n"))
                           .ice_config.turn_servers;
  ASSERT_EQ(servers.size(), 2U);
  EXPECT_EQ(servers[0].username + ' ' + servers[0].credential, "u p@,");
  EXPECT_EQ(servers[1].username + ' ' + servers[1].credential, "user pass");
}

TEST_F(ConfigFile, ClosesSecretsReadableByOthers) {
  using std::filesystem::perms;
  const auto secret = write("turn", "user:pass\n");
  std::filesystem::permissions(secret, perms(0644));
  const Arguments arguments{"--turn-credentials=" + secret};
  const auto left = expect_config(read_config(arguments, {}, OpenSecret::leave));
  EXPECT_EQ(left.notices, std::vector{secret + " holds a secret and is open to other users; remove their permissions: "
                                               "chmod 600"});
  EXPECT_EQ(std::filesystem::status(secret).permissions(), perms(0644));
  const auto closed = expect_config(read_config(arguments, {}));
  EXPECT_EQ(closed.notices,
            std::vector{secret + " holds a secret and was open to other users; their permissions were removed"});
  EXPECT_EQ(std::filesystem::status(secret).permissions(), perms(0600));
}

TEST_F(ConfigFile, RequiresTurnCredentials) {
  EXPECT_EQ(expect_error(1, read_config(Arguments{"--turn-server=turn:a"}, {})),
            "--turn-server: turn:a:3478 needs a user and a password: set --turn-credentials to a file with "
            "USER:PASSWORD");
  for (const auto* text : {"", "\n", "user", ":password", "user:"}) {
    const auto secret = write("turn", text);
    EXPECT_EQ(usage_error({"--turn-credentials", secret}),
              "--turn-credentials: " + secret + ": the first line must be USER:PASSWORD");
  }
  EXPECT_TRUE(usage_error({"--turn-credentials=/nonexistent"}).starts_with("--turn-credentials: cannot"));
}

TEST(Values, TurnServerIsAUri) {
  for (const std::string bad : {"turn:", "a", "turn://", "turn:a:0", "turn:a/b", "turn:a#b", "turn:a?transport=sctp",
                                "turn:a?x", "stun:a", "turns:a?transport=udp"})
    EXPECT_TRUE(usage_error({"--turn-server", bad}).starts_with("--turn-server: invalid server: use turn:HOST:PORT"))
        << bad;
  EXPECT_EQ(usage_error({"--turn-ca=/nonexistent"}), "--turn-ca: \"/nonexistent\" is not a file");
  const Arguments nine(9, "--turn-server=turn:a");
  EXPECT_EQ(usage_error(nine), "--turn-server: more than 8 servers");
}

TEST(Values, ErrorsKeepThePassword) {
  EXPECT_EQ(usage_error({"--turn-server", "turn://user:secret@a"}),
            "--turn-server: every user of this host can see a command line: keep the password in a file");
  const auto message = environment_error({{"VOICECAST_TURN_SERVER", "turn://user:secret@"}});
  EXPECT_EQ(message.find("secret"), std::string::npos) << message;
}

TEST(Values, Mp3BitrateIsOneOfLayer3) {
  int known = 0;
  for (unsigned kbps = 0; kbps <= 400; ++kbps) {
    const Arguments arguments{"--mp3-bitrate", std::to_string(kbps)};
    const Outcome outcome = read_config(arguments, {});
    const auto* config = std::get_if<Config>(&outcome);
    if (!config) continue;
    EXPECT_EQ(config->mp3_bitrate_kbps, kbps);
    ++known;
  }
  EXPECT_EQ(known, 14);
  EXPECT_EQ(usage_error({"--mp3-bitrate=127"}),
            "--mp3-bitrate: \"127\" is not an MP3 bit rate in kbit/s "
            "(32 40 48 56 64 80 96 112 128 160 192 224 256 320)");
  EXPECT_NE(usage_error({"--mp3-bitrate=128k"}), "");
}

TEST_F(ConfigFile, PipelinesExistAndStateMayBecomeADirectory) {
  std::ofstream(path("file")) << "x";
  EXPECT_EQ(from_arguments({"--pipelines", directory_}).pipelines, directory_);
  for (const std::string& bad : {path("none"), path("file")}) {
    EXPECT_EQ(usage_error({"--pipelines", bad}), "--pipelines: \"" + bad + "\" is not an existing directory");
  }
  EXPECT_EQ(from_arguments({"--state-dir", path("none")}).state_dir, path("none"));
  EXPECT_TRUE(usage_error({"--state-dir", path("file")}).starts_with("--state-dir: \"" + path("file") + "\" is not"));
}

TEST(Values, LogLevels) {
  EXPECT_EQ(from_arguments({"--log-level=error"}).log_level, G_LOG_LEVEL_CRITICAL);
  EXPECT_EQ(from_arguments({"--log-level=warning"}).log_level, G_LOG_LEVEL_WARNING);
  EXPECT_EQ(usage_error({"--log-level=loud"}), "--log-level: \"loud\" is not error, warning, info or debug");
}

TEST(Environment, SetsWhatTheCommandLineDoes) {
  EXPECT_EQ(from_environment({{"VOICECAST_AUDIO_PORT", "1"}, {"HOME", "/"}}).audio_port, 1);
  EXPECT_EQ(from_environment({{"VOICECAST_NAT_1TO1", ""}}), Config{});
  EXPECT_EQ(from_environment({{"VOICECAST_ICE_ADDRESS", "127.0.0.1, ::1,"}}).ice_config.addresses,
            (Arguments{"127.0.0.1", "::1"}));
}

TEST(Environment, ErrorsNameTheVariable) {
  EXPECT_EQ(environment_error({{"VOICECAST_PORT", "abc"}}), "VOICECAST_PORT: \"abc\" is not a port (0 to 65535)");
  for (const std::string unknown : {"VOICECAST_PROT", "VOICECAST_HELP", "VOICECAST_VERSION", "VOICECAST_"}) {
    EXPECT_EQ(environment_error({{unknown, ""}}),
              "\"" + unknown + "\": unknown variable; the variables are the options of voicecast --help");
  }
}

TEST(Environment, IsReadByPrefix) {
  const char* const environ[] = {"PATH=/bin", "VOICECAST_PORT=1", "VOICECAST_STUN_SERVER=a=b", "VOICECAST_X", nullptr};
  EXPECT_EQ(read_environment(environ), (Environment{{"VOICECAST_PORT", "1"}, {"VOICECAST_STUN_SERVER", "a=b"}}));
}

TEST_F(ConfigFile, SetsWhatTheCommandLineDoes) {
  const Config read = config("port=9\n# a comment\nice-address = 127.0.0.1, ::1 \nlog-level=debug ");
  EXPECT_EQ(read.port, 9);
  EXPECT_EQ(read.ice_config.addresses, (Arguments{"127.0.0.1", "::1"}));
  EXPECT_EQ(read.log_level, G_LOG_LEVEL_DEBUG);
  EXPECT_EQ(read.file, path());
}

TEST_F(ConfigFile, SeparatesValuesAsTheEnvironmentDoes) {
  const auto addresses = [&](const std::string& list) {
    return config("ice-address=" + list + "\n").ice_config.addresses;
  };
  const Arguments two{"10.0.0.1", "10.0.0.2"};
  for (const std::string list :
       {"10.0.0.1,10.0.0.2", " 10.0.0.1 , 10.0.0.2 ", "10.0.0.1,,10.0.0.2,", ",10.0.0.1,10.0.0.2"}) {
    EXPECT_EQ(addresses(list), two) << list;
    EXPECT_EQ(from_environment({{"VOICECAST_ICE_ADDRESS", list}}).ice_config.addresses, two) << list;
  }
  EXPECT_EQ(addresses("10.0.0.1;10.0.0.2;"), two);  // of GKeyFile's own kind
  for (const std::string none : {"", ",", ";", " , ; ,"}) EXPECT_EQ(addresses(none), Arguments{}) << none;
}

TEST_F(ConfigFile, MayBeNamedByTheEnvironment) {
  std::ofstream(path()) << "[voicecast]\nport=9\n";
  EXPECT_EQ(from_environment({{"VOICECAST_CONFIG", path()}}).port, 9);
  EXPECT_EQ(from_environment({{"VOICECAST_CONFIG", ""}}).port, 8080);
  EXPECT_EQ(expect_config(read_config(Arguments{"--config="}, {{"VOICECAST_CONFIG", path()}})).port, 8080);
}

TEST_F(ConfigFile, MayBeEmpty) {
  EXPECT_EQ(expect_config(read("")).port, 8080);
  EXPECT_EQ(expect_config(read("# nothing\n")).port, 8080);
}

TEST_F(ConfigFile, ErrorsNameFileAndKey) {
  EXPECT_EQ(error("[voicecast]\nport=abc\n"), "voicecast.conf: key port: \"abc\" is not a port (0 to 65535)");
  EXPECT_EQ(error("[voicecast]\nport=80 # web\n"), "voicecast.conf: key port: \"80 # web\" is not a port (0 to 65535)");
  EXPECT_EQ(error("[voicecast]\nport=9\naudio-port=9\n").substr(0, 24), "voicecast.conf: key port");
  EXPECT_TRUE(error("[voicecast]\nbind=\\q\n").starts_with("voicecast.conf: key bind: "));
  EXPECT_TRUE(error("[voicecast]\nbind=\xff\n").starts_with("voicecast.conf: key bind: "));
  EXPECT_TRUE(error("nonsense\n").starts_with("voicecast.conf: "));
}

TEST_F(ConfigFile, RefusesUnknownKeysAndGroups) {
  for (const std::string unknown : {"prot", "config", "help", "version", "Port", "port[de]"}) {
    EXPECT_EQ(error("[voicecast]\n" + unknown + "=1\n"),
              "voicecast.conf: key \"" + unknown + "\": unknown key; the keys are the options of voicecast --help");
  }
  EXPECT_EQ(
      error("[voicecast]\n[audio]\n"),
      "voicecast.conf: group \"audio\": unknown group; the groups are [voicecast], [auth], [limits], [publish.NAME]");
}

TEST_F(ConfigFile, MustBeReadable) {
  EXPECT_EQ(expect_error(1, read_config(Arguments{"--config", path("none")}, {})),
            path("none") + ": No such file or directory");
  EXPECT_TRUE(expect_error(1, read_config(Arguments{"--config", directory_}, {})).starts_with(directory_.string()));
}

TEST_F(ConfigFile, IsTheWeakestSource) {
  const std::string text = "[voicecast]\nport=1\naudio-port=2\ntls-port=3\n";
  const Config config =
      expect_config(read(text, {"--port=31"}, {{"VOICECAST_PORT", "21"}, {"VOICECAST_AUDIO_PORT", "22"}}));
  EXPECT_EQ(config.port, 31);
  EXPECT_EQ(config.audio_port, 22);
  EXPECT_EQ(config.tls_port, 3);
}

TEST_F(ConfigFile, ListsAreReplacedNotMerged) {
  const std::string text = "[voicecast]\nice-address=10.0.0.1,10.0.0.2\n";
  const Environment environment{{"VOICECAST_ICE_ADDRESS", "10.0.1.1,10.0.1.2"}};
  EXPECT_EQ(expect_config(read(text, {"--ice-address=10.0.2.1"}, environment)).ice_config.addresses,
            Arguments{"10.0.2.1"});
  EXPECT_EQ(expect_config(read(text, {}, environment)).ice_config.addresses, (Arguments{"10.0.1.1", "10.0.1.2"}));
  EXPECT_EQ(expect_config(read(text, {}, {{"VOICECAST_ICE_ADDRESS", ""}})).ice_config.addresses, Arguments{});
  EXPECT_EQ(expect_config(read(text, {"--ice-address="})).ice_config.addresses, Arguments{});
}

TEST_F(ConfigFile, IsValidatedEvenIfOverridden) {
  EXPECT_NE(expect_error(1, read("[voicecast]\nport=abc\n", {"--port=1"})), "");
}

TEST(Answers, Version) {
  const Arguments arguments{"--version"};
  const auto end = std::get<PrintAndExit>(read_config(arguments, {{"VOICECAST_NONSENSE", ""}}));
  EXPECT_EQ(end.text, "voicecast " VOICECAST_VERSION "\n");
  EXPECT_EQ(end.status, 0);
  EXPECT_FALSE(end.to_stderr);
}

TEST(Answers, HelpIsCompleteIn80Columns) {
  const Arguments arguments{"--help", "--nonsense"};
  const auto end = std::get<PrintAndExit>(read_config(arguments, {}));
  EXPECT_EQ(end.status, 0);
  EXPECT_FALSE(end.to_stderr);
  std::istringstream lines(end.text);
  for (std::string line; std::getline(lines, line);) {
    EXPECT_LE(line.size(), 80u) << line;
    EXPECT_FALSE(line.ends_with(' ')) << line;
  }
  std::string words = std::regex_replace(end.text, std::regex("\\s+"), " ");
  for (const Option& option : all_options()) {
    std::string head = " --" + std::string(option.name) + ' ';
    if (!option.argument.empty()) head += std::string(option.argument) + ' ';
    EXPECT_NE(words.find(head + std::string(option.help)), std::string::npos) << head;
    if (option.default_argument.empty()) continue;
    EXPECT_NE(words.find("Default: " + std::string(option.default_argument) + ". "), std::string::npos) << head;
  }
}

TEST_F(ConfigFile, LimitsAreNumbers) {
  const auto limit = [this](const std::string& line) { return read("[limits]\n" + line + '\n'); };
  EXPECT_EQ(expect_config(limit("clients=7")).limits.clients, 7U);
  EXPECT_EQ(expect_config(limit("requests-per-minute=0")).limits.requests_per_minute, PerAddress{});
  const auto both = expect_config(read("[limits]\nwebsockets-per-address=5\nlocal-websockets-per-address=50\n"));
  EXPECT_EQ(both.limits.websockets_per_address, (PerAddress{5, 50}));
  EXPECT_EQ(both.limits.websockets_per_address.of(false), 5U);
  EXPECT_EQ(both.limits.websockets_per_address.of(true), 50U);
  const auto same = expect_config(limit("websockets-per-address=5")).limits.websockets_per_address;
  EXPECT_EQ(same.of(true), 5U);
  EXPECT_EQ(expect_config(limit("trusted-proxies=127.0.0.1; fd00::/8")).limits.trusted_proxies.size(), 2U);
  for (const auto* line : {"clients=0", "clients=-1", "clients=many", "clients=1000001", "request-seconds=0",
                           "descriptors=1", "local-requests-per-minute=-1", "peers=0", "trusted-proxies=localhost",
                           "trusted-proxies=10.0.0.0/33", "listeners=5"})
    EXPECT_NE(expect_error(1, limit(line)), "") << line;
}

class Documents : public ConfigFile {
 protected:
  static std::string document(const std::string& name) {
    return read_file(std::filesystem::path(VOICECAST_SOURCE_DIR) / "data" / name);
  }
};

TEST_F(Documents, TheExampleFileHasEveryKeyWithItsDefault) {
  const std::string example = document("voicecast.conf");
  for (const Option& option : all_options()) {
    if (option.scope != Scope::everywhere) continue;
    const std::string line = "\n#" + std::string(option.name) + '=' + std::string(option.default_argument) + '\n';
    EXPECT_NE(example.find(line), std::string::npos) << line;
  }
}

TEST_F(Documents, TheExampleFileIsValidAsItIsAndUncommented) {
  const std::string example = document("voicecast.conf");
  const std::string uncommented = std::regex_replace(example, std::regex("\n#([a-z0-9-]+=)"), "\n$1");
  EXPECT_NE(example, uncommented);
  Config defaults;
  defaults.file = path();
  defaults.limits.connections_per_address = {100, 500};  // the limits of each address are on in the packaged file
  defaults.limits.websockets_per_address = {5, 50};
  defaults.limits.requests_per_minute = {100, 3000};
  defaults.limits.stream_interval_s = {5, 0};
  EXPECT_EQ(expect_config(read(example)), defaults);
  EXPECT_EQ(expect_config(read(uncommented)), defaults);
}

TEST_F(Documents, TheManPageHasEveryOption) {
  const std::string page = std::regex_replace(document("voicecast.1"), std::regex("\\\\-"), "-");
  for (const Option& option : all_options()) {
    const std::regex item("\n\\.It Fl -" + std::string(option.name) + "[ \n]");
    EXPECT_TRUE(std::regex_search(page, item)) << option.name;
  }
}

/// Logging is global to the process: each test runs in a child, and matches its standard error.
template <class F>
void in_child(F f) {
  f();
  std::exit(0);
}
const auto exits_well = testing::ExitedWithCode(0);

TEST(LogDeathTest, WritesOneLine) {
  EXPECT_EXIT(in_child([] {
                start_logging(G_LOG_LEVEL_INFO);
                log_info("two\nlines", {{"VOICECAST_STREAM", "1"}});
                g_message("of another");
              }),
              exits_well, "^[0-9]{2}:[0-9]{2}:[0-9]{2} info  two lines\n[0-9:]{8} info  of another\n$");
}

TEST(LogDeathTest, NamesOtherDomains) {
  EXPECT_EXIT(in_child([] {
                start_logging(G_LOG_LEVEL_WARNING);
                g_log("Else", G_LOG_LEVEL_WARNING, "where");
              }),
              exits_well, "^[0-9:]{8} warn  Else: where\n$");
}

TEST(LogDeathTest, DropsLowerLevels) {
  EXPECT_EXIT(in_child([] {
                start_logging(G_LOG_LEVEL_WARNING);
                log_debug("1"), log_info("2"), log_warning("3"), log_error("4");
                g_message("5");
              }),
              exits_well, "^[0-9:]{8} warn  3\n[0-9:]{8} error 4\n$");
}

TEST(LogDeathTest, NeverWritesToStandardOutput) {
  EXPECT_EXIT(in_child([] {
                fclose(stdout);
                start_logging(G_LOG_LEVEL_DEBUG);
                log_debug("quiet");
              }),
              exits_well, "debug quiet");
}

TEST(LogDeathTest, OurErrorsNeverAbort) {
  EXPECT_EXIT(in_child([] {
                g_log_set_always_fatal(G_LOG_LEVEL_CRITICAL);  // what G_DEBUG=fatal-criticals does
                log_error("before");
                start_logging(G_LOG_LEVEL_INFO);
                log_error("after");
              }),
              exits_well, "error before\n.*error after\n$");
}

TEST(LogDeathTest, FatalCriticalsOfOthersAbort) {
  const auto log_old = [] { g_log("Else", G_LOG_LEVEL_CRITICAL, "bug"); };
  const auto log_structured = [] { g_log_structured("Else", G_LOG_LEVEL_CRITICAL, "MESSAGE", "bug"); };
  const auto set_up = [](GLogLevelFlags fatal_level) {
    g_log_set_always_fatal(fatal_level);
    start_logging(G_LOG_LEVEL_INFO);
  };
  EXPECT_DEATH(in_child([&] { set_up(G_LOG_LEVEL_CRITICAL), log_old(); }), "error Else: bug");
  EXPECT_DEATH(in_child([&] { set_up(G_LOG_LEVEL_CRITICAL), log_structured(); }), "error Else: bug");
  EXPECT_EXIT(in_child([&] { set_up(G_LOG_LEVEL_ERROR), log_old(), log_structured(); }), exits_well, "bug");
}

}  // namespace
}  // namespace voicecast
