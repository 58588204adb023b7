#include "http/entity_tag.hpp"

#include <gtest/gtest.h>

namespace voicecast {
namespace {

constexpr const char* tag = "\"38sdf4fdsf54ew\"";

TEST(EntityTag, WithoutAFieldIsMissing) { EXPECT_EQ(match_tag(std::nullopt, tag), TagMatch::missing); }

TEST(EntityTag, TheSame) {
  for (const char* field :
       {"\"38sdf4fdsf54ew\"", "38sdf4fdsf54ew", " \"38sdf4fdsf54ew\" ", "\"a\", \"38sdf4fdsf54ew\""})
    EXPECT_EQ(match_tag(field, tag), TagMatch::same) << field;
}

TEST(EntityTag, Any) {
  for (const char* field : {"*", "\"*\"", " * ", "\"a\", *"}) EXPECT_EQ(match_tag(field, tag), TagMatch::any) << field;
}

TEST(EntityTag, Another) {
  for (const char* field : {"", "\"\"", "\"38sdf4fdsf54e\"", "\"38sdf4fdsf54eww\"", "W/\"38sdf4fdsf54ew\"",
                            "\"a\",\"b\"", ",", "\"", "\"**\""})
    EXPECT_EQ(match_tag(field, tag), TagMatch::other) << field;
}

}  // namespace
}  // namespace voicecast
