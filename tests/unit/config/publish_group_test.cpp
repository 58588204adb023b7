// SPDX-License-Identifier: MIT
#include "config/publish_group.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>

#include "config/amount.hpp"

namespace voicecast {
namespace {

using namespace std::chrono_literals;

class PublishGroup : public testing::Test {
 protected:
  PublishGroup() {
    std::string name = (std::filesystem::temp_directory_path() / "voicecast-XXXXXX").string();
    directory_ = mkdtemp(name.data());
    write("secret", "ann:pass:word\nmore\n");
    write("password", " opensesame \n");
    write("empty", "\n");
  }
  ~PublishGroup() override { std::filesystem::remove_all(directory_); }

  void write(const std::string& name, const std::string& text) const {
    std::ofstream(directory_ / name) << text;
    std::filesystem::permissions(directory_ / name, std::filesystem::perms(0600));
  }
  std::string path(const std::string& name) const { return directory_ / name; }

  Status read(const std::string& keys, Config& config) const {
    write("file", "[publish.relay]\n" + keys + "\n");
    const auto file = KeyFile::load(path("file"));
    if (!file) return file.error();
    return read_groups(*file, config);
  }
  PublishConfig publish(const std::string& keys) const {
    Config config;
    const auto status = read(keys, config);
    if (!status) ADD_FAILURE() << keys << ": " << status.error().message;
    return status ? config.publish.at(0) : PublishConfig{};
  }
  /// The error, without the file's name and the group.
  std::string error(const std::string& keys) const {
    Config config;
    const auto status = read(keys, config);
    const auto where = path("file") + ": [publish.relay]: ";
    if (status || !status.error().message.starts_with(where)) return "not an error of the group: " + keys;
    return status.error().message.substr(where.size());
  }

  std::filesystem::path directory_;
};

TEST_F(PublishGroup, Icecast) {
  const auto relay = publish("url=icecast://radio.lan:8000/voice.mp3\ncredentials=" + path("secret"));
  EXPECT_EQ(relay.name, "relay");
  EXPECT_EQ(relay.to, PublishTo::icecast);
  EXPECT_EQ(relay.format, PublishFormat::mp3);
  EXPECT_EQ(relay.url, "icecast://radio.lan:8000/voice.mp3");
  EXPECT_EQ(relay.stream, "latest");
  EXPECT_EQ(relay.user, "ann");
  EXPECT_EQ(relay.password, "pass:word");
}

TEST_F(PublishGroup, APasswordAloneIsIcecastsSource) {
  const auto relay = publish("url=icecast://a/b.opus\ncredentials=" + path("password"));
  EXPECT_EQ(relay.format, PublishFormat::opus);
  EXPECT_EQ(relay.user, "source");
  EXPECT_EQ(relay.password, "opensesame");
}

TEST_F(PublishGroup, Http) {
  const auto upload = publish("url=https://dav.example.com/in/{id}-{time}.mp3?token=1\nstream=all\ninterval=10s");
  EXPECT_EQ(upload.to, PublishTo::http);
  EXPECT_EQ(upload.stream, "all");
  EXPECT_EQ(upload.interval, 10s);
}

TEST_F(PublishGroup, File) {
  const auto attic = publish("url=file://" + directory_.string() +
                             "/{id}-{time}.opus\nstream=stream_1-a\nmax-file-size=500M\nmax-file-duration=1h\n"
                             "max-total-size=20G\nmax-age=30d");
  EXPECT_EQ(attic.to, PublishTo::file);
  EXPECT_EQ(attic.stream, "stream_1-a");
  EXPECT_EQ(attic.max_file_size, 500U * 1024 * 1024);
  EXPECT_EQ(attic.max_file_duration, 1h);
  EXPECT_EQ(attic.max_total_size, 20ULL * 1024 * 1024 * 1024);
  EXPECT_EQ(attic.max_age, 24h * 30);
}

TEST_F(PublishGroup, InvalidUrls) {
  for (const std::string bad : {"", "radio", "ftp://a/b.mp3", "icecast://a", "icecast://a/", "icecast:///b.mp3",
                                "icecast://a:0/b.mp3", "icecast://a/b.mp3?c", "http://a/b.mp3#c",
                                "file://host/tmp/{time}.mp3", "file:tmp/{time}.mp3", "file:/tmp/{time}.mp3"})
    EXPECT_TRUE(error("url=" + bad).starts_with("key url: invalid URL: use ")) << bad << error("url=" + bad);
}

TEST_F(PublishGroup, UrlsSelectTheFormat) {
  for (const std::string bad : {"icecast://a/b", "icecast://a/b.mp3x", "http://a/b?c.mp3"})
    EXPECT_EQ(error("url=" + bad), "key url: the URL's path must end in .mp3 or .opus, which selects the format")
        << bad;
  EXPECT_TRUE(error("url=http://a/b.opus").starts_with("key url: http:// and https:// support MP3 only"));
}

TEST_F(PublishGroup, UrlsHaveKnownPlaceholdersWhereTheyAreNeeded) {
  EXPECT_EQ(error("url=icecast://a/{name}.mp3"), "key url: the URL contains braces other than {id} and {time}");
  EXPECT_TRUE(error("stream=all\nurl=icecast://a/b.mp3").starts_with("key url: stream=all needs {id}"));
  EXPECT_TRUE(error("url=file://" + path("a.mp3")).starts_with("key url: the file's name needs {time}"));
  EXPECT_EQ(error("url=file://" + path("{id}/{time}.mp3")),
            "key url: {id} and {time} are for the file's name, not for the directory " + path("{id}"));
}

TEST_F(PublishGroup, UrlsHoldNoPasswordAndErrorsShowNone) {
  const auto words = error("url=icecast://ann:hush@a/b.mp3");
  EXPECT_TRUE(words.starts_with("key url: the URL must not contain a user or password")) << words;
  for (const std::string bad : {"icecast://ann:hush@/b.mp3", "x://ann:hush@a/b.mp3", "http://ann:hush@a/{x}.mp3"})
    EXPECT_EQ(error("url=" + bad).find("hush"), std::string::npos) << bad;
}

TEST_F(PublishGroup, CredentialsAreAFile) {
  const std::string url = "url=icecast://a/b.mp3\ncredentials=";
  EXPECT_NE(error(url + path("none")).find(path("none")), std::string::npos);
  EXPECT_EQ(error(url + path("empty")),
            "key credentials: " + path("empty") + ": the first line must be USER:PASSWORD or a password");
  EXPECT_EQ(error("url=file://" + path("{time}.mp3\ncredentials=") + path("secret")),
            "key credentials: not for file://");
}

TEST_F(PublishGroup, OtherKeysAreChecked) {
  EXPECT_EQ(error("stream=latest"), "needs the key url");
  EXPECT_EQ(error("stream=a/b"), "key stream: \"a/b\" is not latest, all or the id of a stream");
  EXPECT_EQ(error("url=http://a/b.mp3\ninterval=11s"), "key interval: \"11s\" is not a time from 1s to 10s");
  EXPECT_EQ(error("url=icecast://a/b.mp3\ninterval=3s"), "key interval: only for http:// and https://");
  EXPECT_EQ(error("url=icecast://a/b.mp3\nmax-age=3s"), "keys max-…: only for file://");
  EXPECT_EQ(error("max-file-size=0"),
            "key max-file-size: \"0\" is not a size such as 500M or 2G (K, M and G are powers of 1024)");
  EXPECT_EQ(error("max-age=1w"), "key max-age: \"1w\" is not a time such as 90s, 30min, 1h or 30d");
}

TEST_F(PublishGroup, NamesAreSimple) {
  write("file", "[publish.a b]\nurl=icecast://a/b.mp3\n");
  Config config;
  const auto read = read_groups(*KeyFile::load(path("file")), config);
  ASSERT_FALSE(read);
  EXPECT_TRUE(read.error().message.ends_with("\"a b\" is not a name of letters, digits, - and _"));
}

TEST(Sizes, HaveUnits) {
  EXPECT_EQ(parse_size("1"), 1U);
  EXPECT_EQ(parse_size("2K"), 2048U);
  for (const auto* bad : {"", "K", "0", "-1", "1k", "1KB", "1.5G", "99999999999999999999", "9999999999G"})
    EXPECT_FALSE(parse_size(bad)) << bad;
}

TEST(Durations, HaveUnits) {
  EXPECT_EQ(parse_duration("90s"), 90s);
  EXPECT_EQ(parse_duration("2min"), 120s);
  EXPECT_EQ(parse_duration("36500d"), 36500 * 24h);
  for (const auto* bad : {"", "s", "0s", "90", "1m", "-1s", "36501d", "99999999999999999d"})
    EXPECT_FALSE(parse_duration(bad)) << bad;
}

TEST(Urls, AreExpanded) {
  PublishConfig config;
  config.url = "file:///a/{id}-{time}-{id}.mp3";
  const auto time = std::chrono::system_clock::from_time_t(1769903999);
  EXPECT_EQ(expand_url(config, "stream_1", time), "file:///a/stream_1-20260131T235959Z-stream_1.mp3");
  EXPECT_EQ(expand_url(config, "../{id}", time), "file:///a/____id_-20260131T235959Z-____id_.mp3");
}

TEST(Urls, AreShownWithoutSecrets) {
  EXPECT_EQ(shown_url("http://u:p@a/b@c.mp3?token=1#x"), "http://a/b@c.mp3");
  EXPECT_EQ(shown_url("http://u:p@a"), "http://a");
  EXPECT_EQ(shown_url("icecast://a:1/b.mp3"), "icecast://a:1/b.mp3");
  EXPECT_EQ(shown_url("file:///a/b.mp3"), "file:///a/b.mp3");
}

TEST(Urls, OfFilesArePaths) { EXPECT_EQ(file_of("file:///a%20b/{time}.mp3"), "/a b/{time}.mp3"); }

}  // namespace
}  // namespace voicecast
