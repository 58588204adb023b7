// SPDX-License-Identifier: MIT
#include "gst/graph.hpp"

#include <gmock/gmock.h>
#include <gst/gst.h>

#include <regex>
#include <set>

#include "gst/gst.hpp"

namespace voicecast {
namespace {

using testing::AllOf, testing::HasSubstr, testing::Not, testing::StartsWith;

/// Of a pipeline whose pads have caps, as media has come to its end.
std::string graph(const char* description) {
  gst_init(nullptr, nullptr);
  const auto pipeline = GPtr<GstElement>::adopt(gst_parse_launch(description, nullptr));
  gst_element_set_state(pipeline.get(), GST_STATE_PAUSED);
  EXPECT_EQ(gst_element_get_state(pipeline.get(), nullptr, nullptr, GST_CLOCK_TIME_NONE), GST_STATE_CHANGE_SUCCESS);
  const auto text = graph_of(pipeline.get());
  gst_element_set_state(pipeline.get(), GST_STATE_NULL);
  return text;
}

TEST(Graph, ShowsElementsAndLinks) {
  const auto text = graph("fakesrc name=mouth ! tee name=tee ! queue name=lane ! fakesink name=ear");
  EXPECT_THAT(text, AllOf(StartsWith("digraph pipeline {"), HasSubstr("GstTee\\ntee\\n[=]"), HasSubstr("mouth"),
                          HasSubstr("lane"), HasSubstr("ear")));
  EXPECT_TRUE(std::regex_search(text, std::regex(R"(mouth_\d+_src_\d+ -> tee_\d+_sink_\d+)"))) << text;
}

TEST(Graph, HasNoPropertyAndNoFieldOfCaps) {
  const auto text = graph("audiotestsrc wave=ticks ! audio/x-raw,rate=12345 ! fakesink");
  EXPECT_THAT(text, AllOf(HasSubstr("audio/x-raw"), Not(HasSubstr("12345")), Not(HasSubstr("ticks"))));
}

TEST(Graph, HasNumbersInsteadOfAddresses) {
  const auto text = graph("fakesrc name=mouth ! fakesink name=ear");
  EXPECT_THAT(text, Not(HasSubstr("0x")));
  std::set<std::string> names;
  const std::regex name(R"(cluster_(mouth|ear)_(\d+) \{)");
  for (std::sregex_iterator at(text.begin(), text.end(), name), end; at != end; ++at) names.insert((*at)[2]);
  EXPECT_EQ(names.size(), 2) << text;
}

}  // namespace
}  // namespace voicecast
