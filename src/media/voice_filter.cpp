#include "media/voice_filter.hpp"

#include "glib/gst.hpp"
#include "media/voice_packet.hpp"

namespace voicecast {
namespace {

bool is_voice(GstBuffer* buffer) {
  GstMapInfo map;
  if (!gst_buffer_map(buffer, &map, GST_MAP_READ)) return false;
  const bool is_good = read_voice({map.data, map.size}).has_value();
  gst_buffer_unmap(buffer, &map);
  return is_good;
}

GstPadProbeReturn look_at(GstPad*, GstPadProbeInfo* info, gpointer) noexcept {
  return is_voice(GST_PAD_PROBE_INFO_BUFFER(info)) ? GST_PAD_PROBE_OK : GST_PAD_PROBE_DROP;
}

}  // namespace

Status let_voice_in_only(GstElement* bin) {
  const auto sink = GPtr<GstPad>::adopt(gst_element_get_static_pad(bin, "sink"));
  if (!sink) return Error{ErrorCode::failed, "the branch has no open end for the tee"};
  gst_pad_add_probe(sink.get(), GST_PAD_PROBE_TYPE_BUFFER, look_at, nullptr, nullptr);
  return success();
}

}  // namespace voicecast
