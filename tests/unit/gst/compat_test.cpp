// SPDX-License-Identifier: MIT

// Differences between versions of GStreamer.
#include "gst/compat.hpp"

#include <gtest/gtest.h>

#include <memory>

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

/// Drops a reference at its end, which it takes or not, as webrtcbin does with its agent.
struct Owner {
  Owner(GObject* object, bool takes_reference) : object_(object) {
    if (takes_reference) g_object_ref(object);
  }
  Owner(const Owner&) = delete;
  ~Owner() { g_object_unref(object_); }

 private:
  GObject* object_;
};

TEST(MakeOwner, GivesReferenceToOwnerWithoutOne) {
  for (const bool takes_reference : {false, true}) {
    const auto object = GPtr<GObject>::adopt(G_OBJECT(g_object_new(G_TYPE_OBJECT, nullptr)));
    auto owner = make_owner(object.get(), [&] { return std::make_unique<Owner>(object.get(), takes_reference); });
    EXPECT_EQ(object.get()->ref_count, 2U) << takes_reference;
    owner.reset();
    EXPECT_EQ(object.get()->ref_count, 1U) << takes_reference;
  }
}

TEST(MakeOwner, AddsNothingWithoutOwner) {
  const auto object = GPtr<GObject>::adopt(G_OBJECT(g_object_new(G_TYPE_OBJECT, nullptr)));
  EXPECT_FALSE(make_owner(object.get(), [] { return std::unique_ptr<Owner>(); }));
  EXPECT_EQ(object.get()->ref_count, 1U);
}

}  // namespace
}  // namespace voicecast::compat
