// SPDX-License-Identifier: MIT
#pragma once

#include <gst/webrtc/ice.h>

#include <optional>

// The differences between versions of GStreamer; docs/versions.md lists them. The headers' version selects an interface
// at compile time; behaviour is probed at run time.

namespace voicecast::compat {

/// The value of an enum property by its nick: "leaky" of a queue, "downstream". The numbers are in private headers
/// only; the nicks are stable. Nothing if the property or the value does not exist. Any thread.
std::optional<int> enum_value(GObjectClass* type, const char* property, const char* nick);

/// Replies to `promise` with success; null is ignored. Any thread.
inline void reply(GstPromise* promise) {
  if (promise) gst_promise_reply(promise, nullptr);
}

/// Sets `add_candidate` of an agent that needs no remote candidates. Since 1.24 it has a promise, which the emitter of
/// webrtcbin's "add-ice-candidate-full" passes and which webrtcbin itself never answers. In class_init.
inline void ignore_candidates(GstWebRTCICEClass* type) {
#if GST_CHECK_VERSION(1, 24, 0)
  type->add_candidate = [](GstWebRTCICE*, GstWebRTCICEStream*, const gchar*, GstPromise* promise) noexcept {
    reply(promise);
  };
#else
  type->add_candidate = [](GstWebRTCICE*, GstWebRTCICEStream*, const gchar*) noexcept {};
#endif
}

/// Whether webrtcbin drops a reference to the stream that an agent's `add_stream` returns. That is documented as
/// (transfer full), but up to 1.26 nobody drops it; 1.28 does when the transport goes. Asked for where the server runs:
/// a program that is compiled with 1.22 runs with 1.28. Any thread.
inline bool webrtcbin_owns_ice_streams() {
  guint major = 0, minor = 0, micro = 0, nano = 0;
  gst_version(&major, &minor, &micro, &nano);
  return major > 1 || minor >= 28;
}

/// Calls `make`, which passes `object` to a new element that drops a reference to it at its end, and adds that
/// reference if the element took none: webrtcbin with its "ice-agent" (1.22 to 1.28). Gives what `make` gives, null if
/// it failed, which changes no reference. Nothing else may take or drop a reference meanwhile.
template <class Make>
auto make_owner(GObject* object, const Make& make) {
  const auto before = g_atomic_int_get(&object->ref_count);
  auto made = make();
  if (made && g_atomic_int_get(&object->ref_count) == before) g_object_ref(object);
  return made;
}

/// Sets `close` of an agent, which webrtcbin 1.28 calls whenever it stops, aborting without one. Older headers have the
/// first reserved pointer in its place: set there, a program compiled with 1.26 runs with 1.28. In class_init.
template <void (*close)(GstWebRTCICE*)>
void set_close(GstWebRTCICEClass* type) {
  constexpr auto close_and_reply = +[](GstWebRTCICE* agent, GstPromise* promise) noexcept {
    close(agent);
    reply(promise);  // (transfer none)
  };
#if GST_CHECK_VERSION(1, 28, 0)
  type->close = close_and_reply;
#else
  type->_gst_reserved[0] = reinterpret_cast<gpointer>(close_and_reply);
#endif
}

}  // namespace voicecast::compat
