#include "media/transports.hpp"

namespace voicecast {
namespace {

GPtr<GObject> object_of(GObject* object, const char* property) {
  GObject* raw = nullptr;
  g_object_get(object, property, &raw, nullptr);
  return GPtr<GObject>::adopt(raw);
}

}  // namespace

GPtr<GObject> dtls_transport(GstElement* webrtcbin) {
  GObject* transceiver = nullptr;
  g_signal_emit_by_name(webrtcbin, "get-transceiver", 0, &transceiver);
  auto object = GPtr<GObject>::adopt(transceiver);
  for (const char* property : {"receiver", "transport"})
    if (object) object = object_of(object.get(), property);
  return object;
}

GPtr<GObject> ice_transport(GstElement* webrtcbin) {
  const auto dtls = dtls_transport(webrtcbin);
  return dtls ? object_of(dtls.get(), "transport") : GPtr<GObject>();
}

}  // namespace voicecast
