#include "media/activity.hpp"

#include <array>
#include <chrono>
#include <span>
#include <utility>

#include "glib/gst.hpp"
#include "media/transports.hpp"

namespace voicecast {
namespace {

using Shared = std::shared_ptr<Activity>;

constexpr auto packets = static_cast<GstPadProbeType>(GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_BUFFER_LIST);

void add_probe(GstElement* element, const char* pad_name, GstPadProbeCallback probe, const Shared& activity) {
  const auto pad = GPtr<GstPad>::adopt(gst_element_get_static_pad(element, pad_name));
  if (pad)
    gst_pad_add_probe(pad.get(), packets, probe, new Shared(activity),
                      [](gpointer p) { delete static_cast<Shared*>(p); });
}

/// What comes out of DTLS-SRTP's decoder: only the peer can have made it.
GstPadProbeReturn note_decrypted(GstPad*, GstPadProbeInfo*, gpointer p) noexcept {
  (*static_cast<Shared*>(p))->is_authentic.store(true, std::memory_order_relaxed);
  return GST_PAD_PROBE_OK;
}

bool admit(Activity& activity, GstBuffer* packet, MediaLimit::Time now) {
  if (activity.is_over) return false;
  std::array<std::uint8_t, 12> head{};
  const auto kept = gst_buffer_extract(packet, 0, head.data(), head.size());
  const auto size = gst_buffer_get_size(packet);
  if (kind_of(std::span(head).first(kept), size) == PacketKind::malformed) return false;
  const auto verdict = activity.limit.judge({reinterpret_cast<const char*>(head.data()), kept}, size, now);
  if (verdict != MediaLimit::Verdict::end) return verdict == MediaLimit::Verdict::pass;
  activity.is_over = true;
  activity.on_excess(activity.limit.reason());
  return false;
}

/// Every packet of the agent's source element.
GstPadProbeReturn look_at(GstPad*, GstPadProbeInfo* info, gpointer p) noexcept {
  auto& activity = **static_cast<Shared*>(p);
  activity.is_heard.store(true, std::memory_order_relaxed);
  const auto now = std::chrono::steady_clock::now();
  bool passes = true;
  if (info->type & GST_PAD_PROBE_TYPE_BUFFER) {
    passes = admit(activity, GST_PAD_PROBE_INFO_BUFFER(info), now);
  } else {
    auto* list = GST_PAD_PROBE_INFO_BUFFER_LIST(info);
    for (guint i = 0; i < gst_buffer_list_length(list); ++i)
      passes = admit(activity, gst_buffer_list_get(list, i), now) && passes;
  }
  return passes ? GST_PAD_PROBE_OK : GST_PAD_PROBE_DROP;
}

}  // namespace

Connection watch_activity(GstElement* webrtcbin, std::shared_ptr<Activity> activity) {
  return {webrtcbin, "deep-element-added", [activity = std::move(activity)](GstElement*, GstBin*, GstElement* element) {
            if (is_ice_source(element)) add_probe(element, "src", look_at, activity);
            if (is_made_by(element, "dtlssrtpdec"))
              for (const char* pad : {"rtp_src", "rtcp_src"}) add_probe(element, pad, note_decrypted, activity);
          }};
}

}  // namespace voicecast
