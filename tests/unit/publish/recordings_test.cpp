// SPDX-License-Identifier: MIT
#include "publish/recordings.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>

namespace voicecast {
namespace {

using namespace std::chrono_literals;
using Time = std::chrono::system_clock::time_point;
using Names = std::vector<std::string>;

const Time now = std::chrono::system_clock::from_time_t(1'800'000'000);

Recording recording(const char* name, std::uint64_t bytes, std::chrono::seconds age) {
  return {name, bytes, now - age};
}

Names names_of(const std::vector<Recording>& recordings) {
  Names names;
  for (const auto& one : recordings) names.push_back(one.path.filename());
  return names;
}

Names surplus_of(const PublishConfig& config, const std::vector<Recording>& all,
                 const std::vector<std::filesystem::path>& in_use = {}, const Ages& ages = {}) {
  return names_of(surplus(config, all, in_use, ages, now));
}

TEST(Surplus, IsNothingWithoutALimit) {
  EXPECT_EQ(surplus_of({}, {recording("a", 1'000'000'000'000, 24h * 3650)}), Names{});
}

TEST(Surplus, IsBeyondMaxAge) {
  PublishConfig config;
  config.max_age = 24h;
  EXPECT_EQ(surplus_of(config, {recording("at", 1, 24h), recording("past", 1, 24h + 1s)}), Names{"past"});
}

TEST(Surplus, IsTheOldestBeyondTotalSize) {
  PublishConfig config;
  config.max_total_size = 10;
  const std::vector<Recording> all{recording("new", 5, 1h), recording("old", 5, 3h), recording("older", 1, 4h)};
  EXPECT_EQ(surplus_of(config, all), Names{"older"});
  config.max_total_size = 11;
  EXPECT_EQ(surplus_of(config, all), Names{});
  config.max_total_size = 9;
  EXPECT_EQ(surplus_of(config, all), (Names{"older", "old"}));
}

TEST(Surplus, ExcludesFilesInUse) {
  PublishConfig config;
  config.max_total_size = 1;
  config.max_age = 1s;
  const std::vector<Recording> all{recording("used", 5, 5h), recording("free", 5, recently + 1s),
                                   recording("recent", 5, recently)};
  EXPECT_EQ(surplus_of(config, all, {"used"}), Names{"free"});
}

TEST(Surplus, FutureDatesAreNewest) {
  PublishConfig config;
  config.max_age = 1h;
  config.max_total_size = 10;
  const std::vector<Recording> all{recording("b", 5, -24h * 365), recording("a", 5, -24h * 365),
                                   recording("c", 5, -24h * 366), recording("past", 5, 30min)};
  EXPECT_EQ(surplus_of(config, all), (Names{"past", "a"}));
  EXPECT_EQ(surplus_of(config, {recording("soon", 11, -1s)}), Names{"soon"});
}

/// The system clock was set by years, forward or back, after the files were written.
TEST(Surplus, UsesMonotonicAges) {
  PublishConfig config;
  config.max_age = 24h;
  const Ages ages{{"ahead", 2h}, {"behind", 25h}, {"now", 0s}};
  const std::vector<Recording> all{recording("ahead", 1, 24h * 365), recording("behind", 1, -24h * 365),
                                   recording("now", 1, 24h * 365), recording("before", 1, 24h * 365)};
  EXPECT_EQ(surplus_of(config, all, {}, ages), (Names{"before", "behind"}));
  config.max_age = 0s;
  config.max_total_size = 2;
  EXPECT_EQ(surplus_of(config, all, {}, ages), (Names{"before", "behind"}));
}

class RecordingFiles : public testing::Test {
 protected:
  RecordingFiles() {
    std::string name = (std::filesystem::temp_directory_path() / "voicecast-XXXXXX").string();
    directory_ = mkdtemp(name.data());
  }
  ~RecordingFiles() override { std::filesystem::remove_all(directory_); }

  Names found_as(const std::string& name) const {
    PublishConfig config;
    config.url = "file://" + (directory_ / name).string();
    auto names = names_of(find_recordings(config));
    std::ranges::sort(names);
    return names;
  }

  std::filesystem::path directory_;
};

TEST_F(RecordingFiles, HaveUniqueNames) {
  const auto wanted = directory_ / "a.mp3";
  for (const std::string expected : {"a.mp3", "a-2.mp3", "a-3.mp3"}) {
    const auto made = make_recording(wanted);
    ASSERT_TRUE(made) << made.error().message;
    EXPECT_EQ(made->filename(), expected);
    struct stat info {};
    ASSERT_EQ(stat(made->c_str(), &info), 0);
    EXPECT_EQ(info.st_mode & 0007, 0U);  // it is somebody's voice
  }
}

TEST_F(RecordingFiles, AreNotCreatedThroughLinks) {
  std::filesystem::create_symlink(directory_ / "elsewhere", directory_ / "a.mp3");
  EXPECT_EQ(make_recording(directory_ / "a.mp3")->filename(), "a-2.mp3");
  EXPECT_FALSE(std::filesystem::exists(directory_ / "elsewhere"));
}

TEST_F(RecordingFiles, SayWhyTheyAreNotMade) {
  const auto away = make_recording(directory_ / "none" / "a.mp3");
  EXPECT_EQ(away.error().code, ErrorCode::not_found);
  EXPECT_EQ(away.error().message, why_not_recordable(directory_ / "none"));
  const auto too_long = make_recording(directory_ / (std::string(300, 'a') + ".mp3"));
  EXPECT_EQ(too_long.error().code, ErrorCode::failed);
  EXPECT_EQ(too_long.error().message, "cannot make the file: File name too long");
}

TEST_F(RecordingFiles, NeedADirectory) {
  EXPECT_EQ(why_not_recordable(directory_), "");
  EXPECT_EQ(why_not_recordable(directory_ / "none"), "No such file or directory");
  std::ofstream(directory_ / "file") << "x";
  EXPECT_EQ(why_not_recordable(directory_ / "file"), "Not a directory");
}

TEST_F(RecordingFiles, AreIdentifiedByName) {
  for (const std::string name :
       {"stream_1-a-20260131T235959Z.mp3", "x-20260131T235959Z-2.mp3", "20260131T235959Z.mp3", "x-20260131T235959.mp3",
        "x-20260131T235959Z.opus", "x-20260131T235959Zmp3", "x.y-20260131T235959Z.mp3"})
    std::ofstream(directory_ / name) << "x";
  EXPECT_EQ(found_as("{id}-{time}.mp3"), (Names{"stream_1-a-20260131T235959Z.mp3", "x-20260131T235959Z-2.mp3"}));
  EXPECT_EQ(found_as("{time}.mp3"), Names{"20260131T235959Z.mp3"});
  EXPECT_EQ(found_as("a+b(c)-{time}.mp3"), Names{});
}

}  // namespace
}  // namespace voicecast
