// SPDX-License-Identifier: MIT
#include "gst/bus.hpp"

#include "base/main_loop.hpp"
#include "gst/branch.hpp"
#include "gst/gst.hpp"

namespace voicecast {
namespace {

using OnError = std::function<void(const PipelineError&)>;

GPtr<GstObject> child_with(GstObject* source, GstObject* pipeline) {
  auto at = GPtr<GstObject>::share(source);
  while (at) {
    auto parent = GPtr<GstObject>::adopt(gst_object_get_parent(at.get()));
    if (!parent || parent.get() == pipeline) break;
    at = std::move(parent);
  }
  return at;
}

PipelineError error_of(GstMessage* message, GstObject* pipeline) {
  GError* raw = nullptr;
  char* debug = nullptr;
  gst_message_parse_error(message, &raw, &debug);
  const GUnique<GError> error(raw);
  const GUnique<char> details(debug);
  const auto child = child_with(GST_MESSAGE_SRC(message), pipeline);
  if (!child) return {"", false, error->message};
  const GUnique<char> name(gst_object_get_name(child.get()));
  return {name.get(), is_branch(child.get()),
          std::string(error->message) + (details ? std::string(" (") + details.get() + ")" : "")};
}

struct Watch {
  GstObject* pipeline;  // owns the bus, which owns this
  OnError on_error;
};

GstBusSyncReply on_message(GstBus*, GstMessage* message, gpointer p) noexcept {
  const auto* watch = static_cast<Watch*>(p);
  if (GST_MESSAGE_TYPE(message) == GST_MESSAGE_ERROR) {
    post([on_error = watch->on_error, error = error_of(message, watch->pipeline)] { on_error(error); });
  }
  gst_message_unref(message);
  return GST_BUS_DROP;
}

}  // namespace

void watch_errors(GstElement* pipeline, OnError on_error) {
  const auto bus = GPtr<GstBus>::adopt(gst_element_get_bus(pipeline));
  gst_bus_set_sync_handler(bus.get(), on_message, new Watch{GST_OBJECT(pipeline), std::move(on_error)},
                           [](gpointer p) { delete static_cast<Watch*>(p); });
}

}  // namespace voicecast
