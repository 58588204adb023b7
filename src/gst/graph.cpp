// SPDX-License-Identifier: MIT
#include "gst/graph.hpp"

#include <algorithm>
#include <map>
#include <string_view>

#include "gst/gst.hpp"

namespace voicecast {
namespace {

/// GST_DEBUG_GRAPH_SHOW_ALL would reveal 11 of the 16 bytes of the SRTP key, in the caps of the sender's pads (seen in
/// 1.22.0). Also, reading no properties means waiting for no lock of webrtcbin.
constexpr auto details =
    static_cast<GstDebugGraphDetails>(GST_DEBUG_GRAPH_SHOW_MEDIA_TYPE | GST_DEBUG_GRAPH_SHOW_STATES);

/// Replaces the addresses by which GStreamer distinguishes objects, as in "tee_0x55d0c0ffee00", by numbers.
std::string number_addresses(std::string_view graph) {
  constexpr std::string_view prefix = "_0x";
  std::map<std::string_view, std::size_t> numbers;
  std::string numbered;
  for (auto at = graph.find(prefix); at != graph.npos; at = graph.find(prefix)) {
    const auto end = std::min(graph.find_first_not_of("0123456789abcdef", at + prefix.size()), graph.size());
    const auto number = numbers.try_emplace(graph.substr(at, end - at), numbers.size() + 1).first->second;
    numbered.append(graph.substr(0, at)).append("_").append(std::to_string(number));
    graph.remove_prefix(end);
  }
  return numbered.append(graph);
}

}  // namespace

std::string graph_of(GstElement* bin) {
  const GUnique<char> graph(gst_debug_bin_to_dot_data(GST_BIN(bin), details));
  return number_addresses(graph.get());
}

}  // namespace voicecast
