// SPDX-License-Identifier: MIT
#include "gst/transports.hpp"

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

bool is_made_by(GstElement* element, const char* factory_name) {
  const auto* factory = gst_element_get_factory(element);
  return factory && g_str_equal(GST_OBJECT_NAME(factory), factory_name);
}

GPtr<GstElement> find_element(GstElement* webrtcbin, const char* factory_name) {
  GstIterator* elements = gst_bin_iterate_all_by_element_factory_name(GST_BIN(webrtcbin), factory_name);
  GPtr<GstElement> found;
  gst_iterator_foreach(
      elements,
      [](const GValue* item, gpointer p) noexcept {
        *static_cast<GPtr<GstElement>*>(p) = GPtr<GstElement>::share(GST_ELEMENT(g_value_get_object(item)));
      },
      &found);
  gst_iterator_free(elements);
  return found;
}

bool is_ice_source(GstElement* element) {
  return is_made_by(element, "nicesrc") || is_made_by(element, "voicecasticesrc");
}

bool is_ice_sink(GstElement* element) {
  return is_made_by(element, "nicesink") || is_made_by(element, "voicecasticesink");
}

}  // namespace voicecast
