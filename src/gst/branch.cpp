// SPDX-License-Identifier: MIT
#include "gst/branch.hpp"

#include "base/background.hpp"
#include "gst/gst.hpp"
#include "gst/stop_element.hpp"

namespace voicecast {
namespace {

constexpr const char* branch_key = "voicecast-branch";

struct Leaving {
  GPtr<GstElement> tee;
  GPtr<GstElement> bin;
};

void stop_and_free(const GPtr<GstElement>& bin) {
  const GUnique<char> name(gst_object_get_name(GST_OBJECT(bin.get())));
  in_background(std::string("stopping ") + name.get(), [bin] {
    const auto parent = GPtr<GstObject>::adopt(gst_object_get_parent(GST_OBJECT(bin.get())));
    // Locked, so that a concurrent state change of the pipeline does not restart the bin.
    gst_element_set_locked_state(bin.get(), TRUE);
    stop_element(bin.get());
    if (parent) gst_bin_remove(GST_BIN(parent.get()), bin.get());
  });
}

/// Runs on the streaming thread between two buffers, or at once if there is no data flow.
GstPadProbeReturn unlink_branch(GstPad* tee_pad, GstPadProbeInfo*, gpointer p) noexcept {
  const auto* leaving = static_cast<Leaving*>(p);
  const auto sink = GPtr<GstPad>::adopt(gst_pad_get_peer(tee_pad));
  if (sink) gst_pad_unlink(tee_pad, sink.get());
  gst_element_release_request_pad(leaving->tee.get(), tee_pad);
  stop_and_free(leaving->bin);
  return GST_PAD_PROBE_REMOVE;
}

/// A tee returns the worst flow result of its branches upstream, where an error ends the stream; so an error of a
/// branch must not reach the tee. Elements also post their errors on the bus, so none is lost.
GstFlowReturn chain_without_errors(GstPad* pad, GstObject* parent, GstBuffer* buffer) {
  gst_proxy_pad_chain_default(pad, parent, buffer);
  return GST_FLOW_OK;
}
GstFlowReturn chain_list_without_errors(GstPad* pad, GstObject* parent, GstBufferList* list) {
  gst_proxy_pad_chain_list_default(pad, parent, list);
  return GST_FLOW_OK;
}

}  // namespace

Result<Branch> Branch::beside(GPtr<GstElement> tee, GPtr<GstElement> bin) {
  const auto pipeline = GPtr<GstObject>::adopt(gst_object_get_parent(GST_OBJECT(tee.get())));
  g_object_set_data(G_OBJECT(bin.get()), branch_key, GINT_TO_POINTER(1));
  if (!gst_bin_add(GST_BIN(pipeline.get()), bin.get()))
    return Error{ErrorCode::failed,
                 "the name of the branch is in use"};  // a removed branch keeps its name until it is stopped
  if (!gst_element_sync_state_with_parent(bin.get())) {
    stop_and_free(bin);
    return Error{ErrorCode::failed, "the branch cannot be started"};
  }
  return Branch(std::move(tee), {}, std::move(bin));
}

Result<Branch> Branch::attach(GPtr<GstElement> tee, GPtr<GstElement> bin) {
  const auto sink = GPtr<GstPad>::adopt(gst_element_get_static_pad(bin.get(), "sink"));
  if (!sink) return Error{ErrorCode::failed, "the branch has no unlinked sink pad for the tee"};
  gst_pad_set_chain_function(sink.get(), chain_without_errors);
  gst_pad_set_chain_list_function(sink.get(), chain_list_without_errors);
  auto branch = beside(std::move(tee), std::move(bin));
  if (!branch) return branch;
  branch->tee_pad_ = GPtr<GstPad>::adopt(gst_element_request_pad_simple(branch->tee_.get(), "src_%u"));
  if (gst_pad_link(branch->tee_pad_.get(), sink.get()) != GST_PAD_LINK_OK)
    return Error{ErrorCode::failed, "the branch does not accept RTP"};
  return branch;
}

Branch::Branch(GPtr<GstElement> tee, GPtr<GstPad> tee_pad, GPtr<GstElement> bin)
    : tee_(std::move(tee)), tee_pad_(std::move(tee_pad)), bin_(std::move(bin)) {}

Branch::~Branch() {
  if (!bin_) return;  // moved from
  if (!tee_pad_) {
    stop_and_free(bin_);
    return;
  }
  gst_pad_add_probe(tee_pad_.get(), GST_PAD_PROBE_TYPE_IDLE, unlink_branch,
                    new Leaving{std::move(tee_), std::move(bin_)}, [](gpointer p) { delete static_cast<Leaving*>(p); });
}

bool is_branch(GstObject* object) { return g_object_get_data(G_OBJECT(object), branch_key) != nullptr; }

}  // namespace voicecast
