// SPDX-License-Identifier: MIT

// Names of GStreamer that stand for numbers in its private headers.
#include "gst/compat.hpp"

#include <gtest/gtest.h>

#include "gst/gst.hpp"

namespace voicecast::compat {
namespace {

std::optional<int> value_of(const char* element, const char* property, const char* nick) {
  gst_init(nullptr, nullptr);
  const auto made = GPtr<GstElement>::adopt(gst_element_factory_make(element, nullptr));
  return made ? enum_value(G_OBJECT_GET_CLASS(made.get()), property, nick) : std::nullopt;
}

TEST(EnumValue, OfUsedNames) {
  EXPECT_EQ(value_of("queue", "leaky", "downstream"), 2);
  EXPECT_EQ(value_of("srtpenc", "rtp-cipher", "aes-128-icm"), 1);
  EXPECT_EQ(value_of("srtpenc", "rtp-auth", "hmac-sha1-32"), 1);
  EXPECT_EQ(value_of("srtpenc", "rtp-auth", "hmac-sha1-80"), 2);
}

TEST(EnumValue, IsNothingForUnknownName) {
  EXPECT_EQ(value_of("queue", "leaky", "sideways"), std::nullopt);
  EXPECT_EQ(value_of("queue", "leaky", ""), std::nullopt);
  EXPECT_EQ(value_of("queue", "leakage", "downstream"), std::nullopt);
  EXPECT_EQ(value_of("queue", "max-size-bytes", "downstream"), std::nullopt) << "no enum";
}

}  // namespace
}  // namespace voicecast::compat
