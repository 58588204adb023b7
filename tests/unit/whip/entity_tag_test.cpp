// SPDX-License-Identifier: MIT
#include "whip/entity_tag.hpp"

#include <gtest/gtest.h>

#include "whip/ice_link.hpp"

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

TEST(IceLink, OfAStunServer) {
  EXPECT_EQ(ice_link(*parse_ice_server("stun:stun.example.net:3478")),
            "<stun:stun.example.net:3478>; rel=\"ice-server\"");
}

TEST(IceLink, OfATurnServer) {
  auto server = *parse_ice_server("turn:turn.example.net:3478?transport=udp");
  server.username = "user";
  server.credential = "my\"pass\\word";
  EXPECT_EQ(ice_link(server),
            "<turn:turn.example.net:3478?transport=udp>; rel=\"ice-server\"; username=\"user\"; "
            "credential=\"my\\\"pass\\\\word\"; credential-type=\"password\"");
}

}  // namespace
}  // namespace voicecast
