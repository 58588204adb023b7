// SPDX-License-Identifier: MIT
#include "stream/admission.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace voicecast {
namespace {

class AdmissionTest : public testing::Test {
 protected:
  MediaConfig media_;
  StreamRegistry registry_{media_};
  Limits limits_;
  RefusalCounts refusals_;
  Admission admission_{registry_, limits_, refusals_};
};

/// What is being stopped counts like what is there: nobody has more by coming and going than by staying.
TEST_F(AdmissionTest, CountsPeersUntilTheyAreStopped) {
  limits_.peers = 3;
  std::vector<Slot> peers{media_.peers.take(), media_.peers.take()};
  EXPECT_FALSE(admission_.refuse_stream("a", true));
  peers.push_back(media_.peers.take());
  for (const bool is_another : {true, false}) {
    const auto refusal = admission_.refuse_stream("a", is_another);
    ASSERT_TRUE(refusal);
    EXPECT_EQ(refusal->words, "the server is full: it takes 3 WebRTC connections");
    EXPECT_EQ(refusal->retry_after, usual_wait);
  }
  EXPECT_EQ(refusals_.of(RefusalReason::peers), 2U);
  peers.pop_back();
  EXPECT_FALSE(admission_.refuse_stream("a", true));
}

/// A hall of people comes at once; a loop is slowed down, and no other address with it.
TEST_F(AdmissionTest, LimitsPeersOfOneAddress) {
  constexpr int hall = 400, many = 1'000'000;
  int count = 0;
  while (count < many && !admission_.refuse_stream("a", count % 2 == 0)) ++count;
  EXPECT_GE(count, hall);
  EXPECT_LT(count, many);
  EXPECT_GE(refusals_.of(RefusalReason::rate), 1U);
  EXPECT_FALSE(admission_.refuse_stream("b", true));
}

}  // namespace
}  // namespace voicecast
