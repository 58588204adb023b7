// SPDX-License-Identifier: MIT
#include "config/groups.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>

namespace voicecast {
namespace {

// Groups for the tests, which store their values in suitable members of the Config.
Status set_bind(Config& config, const std::string& value) {
  if (value == "bad") return Error{ErrorCode::failed, "\"bad\" is not good"};
  config.bind = value;
  return success();
}
Status add_address(Config& config, const std::string& value) {
  config.ice_config.addresses.push_back(value);
  return success();
}
Status begin_thing(Config& config, const std::string& name) {
  if (name == "no") return Error{ErrorCode::failed, "not that name"};
  config.notices.push_back(name);
  return success();
}
Status fill_thing(Config& config, const std::string& value) {
  config.notices.back() += '=' + value;
  return success();
}
Status finish_thing(Config& config) {
  if (config.notices.back().find('=') == std::string::npos) return Error{ErrorCode::failed, "needs the key fill"};
  return success();
}
constexpr GroupKey single_keys[] = {{"bind", set_bind}, {"address", add_address, true}};
constexpr GroupKey thing_keys[] = {{"fill", fill_thing}};
constexpr Group groups[] = {{"single", single_keys}, {"thing", thing_keys, begin_thing, finish_thing}};

class Groups : public testing::Test {
 protected:
  Groups() {
    std::string name = (std::filesystem::temp_directory_path() / "voicecast-XXXXXX").string();
    directory_ = mkdtemp(name.data());
  }
  ~Groups() override { std::filesystem::remove_all(directory_); }

  Status read(const std::string& text, Config& config) const {
    std::ofstream(directory_ / "file") << text;
    const auto file = KeyFile::load(directory_ / "file");
    if (!file) return file.error();
    return read_groups(*file, config, groups);
  }
  Config config(const std::string& text) const {
    Config config;
    const auto status = read(text, config);
    EXPECT_TRUE(status) << status.error().message;
    return config;
  }
  /// The error, without the file's directory.
  std::string error(const std::string& text) const {
    Config config;
    const auto status = read(text, config);
    if (status) return "was accepted";
    EXPECT_TRUE(status.error().message.starts_with(directory_.string())) << status.error().message;
    return status.error().message.substr(directory_.string().size() + 1);
  }

 private:
  std::filesystem::path directory_;
};

TEST_F(Groups, FillTheConfig) {
  const auto read = config("[single]\nbind = ::1 \naddress=a; b;;\n");
  EXPECT_EQ(read.bind, "::1");
  EXPECT_EQ(read.ice_config.addresses, (std::vector<std::string>{"a", "b"}));
}

TEST_F(Groups, OfAKindHaveNames) {
  const auto read = config("[thing.a]\nfill=1\n[voicecast]\nport=x\n[thing.b.c]\nfill=2\n");
  EXPECT_EQ(read.notices, (std::vector<std::string>{"a=1", "b.c=2"}));
}

TEST_F(Groups, RequireOrForbidAName) {
  EXPECT_EQ(error("[thing]\nfill=1\n"), "file: [thing]: needs a name: [thing.NAME]");
  EXPECT_EQ(error("[thing.]\nfill=1\n"), "file: [thing.]: needs a name: [thing.NAME]");
  EXPECT_EQ(error("[single.a]\n"), "file: [single.a]: takes no name: [single]");
  EXPECT_EQ(error("[thing.no]\nfill=1\n"), "file: [thing.no]: not that name");
}

TEST_F(Groups, ErrorsNameFileGroupAndKey) {
  EXPECT_EQ(error("[single]\nbind=bad\n"), "file: [single]: key bind: \"bad\" is not good");
  EXPECT_EQ(error("[single]\nbnid=1\n"), "file: [single]: key \"bnid\": unknown key");
  EXPECT_EQ(error("[thing.a]\n"), "file: [thing.a]: needs the key fill");
  EXPECT_TRUE(error("[single]\nbind=\\q\n").starts_with("file: [single]: key bind: "));
}

TEST_F(Groups, UnknownAreRefused) {
  EXPECT_EQ(error("[other]\n"),
            "file: group \"other\": unknown group; the groups are [voicecast], [single], [thing.NAME]");
}

}  // namespace
}  // namespace voicecast
