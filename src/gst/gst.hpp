// SPDX-License-Identifier: MIT
#pragma once

#include <gst/gst.h>

#include <memory>
#include <utility>

#include "base/main_loop.hpp"
#include "base/ptr.hpp"
#include "base/result.hpp"

namespace voicecast {

template <>
struct Refs<GstObject> : ObjectRefs {};
template <>
struct Refs<GstElement> : ObjectRefs {};
template <>
struct Refs<GstPad> : ObjectRefs {};
template <>
struct Refs<GstBus> : ObjectRefs {};
struct MiniObjectRefs : RefsBy<GstMiniObject, gst_mini_object_ref, gst_mini_object_unref> {};
template <>
struct Refs<GstCaps> : MiniObjectRefs {};
template <>
struct Refs<GstEvent> : MiniObjectRefs {};
template <>
struct Refs<GstBuffer> : MiniObjectRefs {};
template <>
struct Refs<GstMessage> : MiniObjectRefs {};
template <>
struct Refs<GstSample> : MiniObjectRefs {};
template <>
struct Refs<GstPromise> : MiniObjectRefs {};

struct FreeStructure {
  void operator()(GstStructure* p) const { gst_structure_free(p); }
};
using Structure = std::unique_ptr<GstStructure, FreeStructure>;

/// The result of a GstPromise: its structure (null if it carries none), or the Error.
using Reply = Result<Structure>;

/// Reads the result of a promise that is no longer pending. Any thread.
inline Reply read_reply(GstPromise* promise) {
  if (gst_promise_wait(promise) != GST_PROMISE_RESULT_REPLIED) return Error{ErrorCode::closed, "no reply"};
  const GstStructure* reply = gst_promise_get_reply(promise);
  GError* raw = nullptr;
  if (reply && gst_structure_get(reply, "error", G_TYPE_ERROR, &raw, nullptr)) return take_error(raw, "webrtcbin");
  return Structure(reply ? gst_structure_copy(reply) : nullptr);
}

/// Calls `done` exactly once, on the main loop: a webrtcbin that is stopped drops promises without a reply (seen in
/// 1.22.0), and then the destroy notify reports it.
template <class F>
struct Answer {
  explicit Answer(F f) : done(std::move(f)) {}
  F done;
  bool given = false;
  void give(Reply r) {
    given = true;
    post([f = std::move(done), r = std::make_shared<Reply>(std::move(r))]() mutable { f(std::move(*r)); });
  }
  ~Answer() {
    if (!given) give(Error{ErrorCode::closed, "the promise was dropped without a reply"});
  }
};

/// A promise whose reply is passed to `done(Reply)` on the main loop. Emit the signal with it, then drop it. Any
/// thread.
template <class F>
GPtr<GstPromise> promise_on_main(F done) {
  return GPtr<GstPromise>::adopt(gst_promise_new_with_change_func(
      [](GstPromise* promise, gpointer p) noexcept { static_cast<Answer<F>*>(p)->give(read_reply(promise)); },
      new Answer<F>(std::move(done)), [](gpointer p) { delete static_cast<Answer<F>*>(p); }));
}

}  // namespace voicecast
