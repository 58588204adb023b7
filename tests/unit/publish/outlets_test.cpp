// SPDX-License-Identifier: MIT
#include "publish/outlets.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace voicecast {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

/// What became of a target, which may be gone.
struct Life {
  std::vector<std::optional<std::chrono::nanoseconds>> fed;
  bool has_room = true, is_finished = false, is_gone = false;
  TargetEvents* events = nullptr;
};

class FakeTarget : public PublishTarget {
 public:
  explicit FakeTarget(Life& life) : life_(life) {}
  ~FakeTarget() override { life_.is_gone = true; }
  bool feed(const EncodedFrames& frames) override {
    if (life_.has_room) life_.fed.push_back(frames.at);
    return life_.has_room;
  }
  void finish() override { life_.is_finished = true; }
  std::uint64_t sent_bytes() const override { return 100; }

 private:
  Life& life_;
};

class OutletsTest : public testing::Test, protected OutletEvents {
 protected:
  std::unique_ptr<Outlet> make(Life& life, const std::string& url, FileLimit limit = {}) {
    auto outlet = std::make_unique<Outlet>(url, limit, static_cast<OutletEvents&>(*this));
    const MakeTarget make_target = [&life](const PublishConfig&, const std::string&, const std::string&,
                                           TargetEvents& events) -> Result<std::unique_ptr<PublishTarget>> {
      life.events = &events;
      return std::make_unique<FakeTarget>(life);
    };
    EXPECT_TRUE(outlet->open(make_target, {}, ""));
    return outlet;
  }
  static EncodedFrames frames(std::optional<std::chrono::nanoseconds> at = {}) { return {bytes_of("voice"), at}; }

  void on_place(const Outlet& outlet) override { told_.push_back("at " + outlet.url()); }
  void on_live(const Outlet& outlet) override { told_.push_back("live " + outlet.url()); }
  void on_failed(const Outlet& outlet, const Error&) override { told_.push_back("failed " + outlet.url()); }
  void on_finished(const Outlet& outlet) override {
    told_.push_back("finished " + outlet.url());
    outlets_.remove(outlet);
  }

  static constexpr FileLimit::Time now_{};
  std::vector<std::string> told_;
  std::uint64_t gone_bytes_ = 0;
  Life first_, second_;
  Outlets outlets_{gone_bytes_};
};

TEST(FileLimit, IsReachedBySizeOrAge) {
  const FileLimit::Time begin{};
  FileLimit by_size(10, 0s, begin), by_age(0, 60s, begin), none;
  for (auto* limit : {&by_size, &by_age, &none}) limit->add(9);
  EXPECT_FALSE(by_size.is_reached(begin + 24h));
  EXPECT_FALSE(by_age.is_reached(begin + 60s - 1ns));
  for (auto* limit : {&by_size, &by_age, &none}) limit->add(1);
  EXPECT_TRUE(by_size.is_reached(begin));
  EXPECT_TRUE(by_age.is_reached(begin + 60s));
  EXPECT_FALSE(none.is_reached(begin + 24h));
}

TEST_F(OutletsTest, NamesWhichOutletItsTargetSpeaksOf) {
  outlets_.open(make(first_, "file:///wanted"));
  first_.events->on_target_at("file:///other");
  first_.events->on_target_live();
  first_.events->on_target_failed({ErrorCode::failed, "disk full"});
  EXPECT_THAT(told_, ElementsAre("at file:///other", "live file:///other", "failed file:///other"));
}

TEST_F(OutletsTest, CountsTimeFromTheFirstFrames) {
  outlets_.open(make(first_, "a"));
  for (const auto at : {5s, 6s}) EXPECT_TRUE(outlets_.current()->feed(frames(at)));
  EXPECT_TRUE(outlets_.current()->feed(frames()));
  EXPECT_THAT(first_.fed, ElementsAre(0s, 1s, std::nullopt));
}

TEST_F(OutletsTest, OnlyWhatATargetTakesFillsItsFile) {
  outlets_.open(make(first_, "a", FileLimit(5, 0s, now_)));
  first_.has_room = false;
  EXPECT_FALSE(outlets_.current()->feed(frames()));
  EXPECT_FALSE(outlets_.is_file_full(now_));
  first_.has_room = true;
  EXPECT_TRUE(outlets_.current()->feed(frames()));
  EXPECT_TRUE(outlets_.is_file_full(now_));
}

TEST_F(OutletsTest, KeepsTheFullFileUntilTheNextIsReady) {
  outlets_.open(make(first_, "a", FileLimit(5, 0s, now_)));
  outlets_.current()->feed(frames());
  outlets_.begin_next(make(second_, "b", FileLimit(5, 0s, now_)));
  outlets_.current()->feed(frames());
  EXPECT_FALSE(outlets_.is_file_full(now_)) << "one is full already";
  EXPECT_EQ(outlets_.full()->url(), "a");
  EXPECT_TRUE(outlets_.is_leaving(*outlets_.full()));
  EXPECT_FALSE(outlets_.is_leaving(*outlets_.current()));
  EXPECT_FALSE(first_.is_finished);
  outlets_.finish_full();
  EXPECT_TRUE(first_.is_finished);
  EXPECT_TRUE(outlets_.is_file_full(now_));
  EXPECT_THAT(outlets_.urls(), ElementsAre("a", "b"));
  EXPECT_EQ(outlets_.sent_bytes(), 200U);
  first_.events->on_target_finished();
  EXPECT_TRUE(first_.is_gone);
  EXPECT_THAT(outlets_.urls(), ElementsAre("b"));
  EXPECT_EQ(gone_bytes_ + outlets_.sent_bytes(), 200U);
}

TEST_F(OutletsTest, FinishesAllOfThem) {
  EXPECT_TRUE(outlets_.has_finished());
  outlets_.open(make(first_, "a"));
  outlets_.begin_next(make(second_, "b"));
  outlets_.finish_all();
  outlets_.finish_all();
  EXPECT_FALSE(outlets_.current());
  EXPECT_FALSE(outlets_.full());
  EXPECT_TRUE(first_.is_finished && second_.is_finished);
  second_.events->on_target_finished();
  EXPECT_FALSE(outlets_.has_finished());
  first_.events->on_target_finished();
  EXPECT_TRUE(outlets_.has_finished());
  EXPECT_THAT(outlets_.urls(), IsEmpty());
  EXPECT_EQ(gone_bytes_, 200U);
}

TEST_F(OutletsTest, TheCurrentOneIsNotLeaving) {
  outlets_.open(make(first_, "a"));
  EXPECT_FALSE(outlets_.remove(*outlets_.current()));
  EXPECT_FALSE(first_.is_gone);
  outlets_.drop_current();
  EXPECT_TRUE(first_.is_gone);
  EXPECT_FALSE(first_.is_finished);
  EXPECT_EQ(gone_bytes_, 100U);
}

TEST_F(OutletsTest, FinishesWhatIsThereWhenItGoes) {
  {
    Outlets outlets(gone_bytes_);
    outlets.open(make(first_, "a"));
  }
  EXPECT_TRUE(first_.is_finished && first_.is_gone);
  EXPECT_EQ(gone_bytes_, 100U);
}

}  // namespace
}  // namespace voicecast
