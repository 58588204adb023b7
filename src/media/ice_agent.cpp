#include "media/ice_agent.hpp"

#include <gst/webrtc/nice/nice.h>

#include "glib/gst.hpp"
#include "glib/log.hpp"

namespace voicecast {

GPtr<GstWebRTCICE> make_ice_agent(const IceConfig& config) {
  auto ice = GPtr<GstWebRTCICE>::adopt(GST_WEBRTC_ICE(gst_webrtc_nice_new("ice")));
  GObject* raw = nullptr;
  g_object_get(ice.get(), "agent", &raw, nullptr);
  const auto nice = GPtr<GObject>::adopt(raw);
  g_object_set(nice.get(), "upnp", FALSE, "ice-tcp", FALSE, nullptr);
  for (const auto& address : config.addresses) {
    gboolean added = FALSE;
    g_signal_emit_by_name(ice.get(), "add-local-ip-address", address.c_str(), &added);
    if (!added) log_warning("--ice-address " + address + " cannot be used by the ICE agent");
  }
  if (!config.stun_server.empty()) gst_webrtc_ice_set_stun_server(ice.get(), config.stun_server.c_str());
  for (const auto& server : config.turn_servers)
    if (!gst_webrtc_ice_add_turn_server(ice.get(), server.c_str()))
      log_warning("a --turn-server cannot be used by the ICE agent");
  return ice;
}

}  // namespace voicecast
