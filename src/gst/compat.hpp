// SPDX-License-Identifier: MIT
#pragma once

#include <gst/webrtc/ice.h>

#include <optional>

// What differs between versions of GStreamer, in this one place; docs/versions.md lists it. An interface is chosen by
// the version of the headers, so that it compiles; behaviour is looked at where the server runs.

namespace voicecast::compat {

/// The number of an enum property's value by its nick: "leaky" of a queue, "downstream". Numbers are in private headers
/// only; names are what GStreamer keeps. None where there is no such property or value. Any thread.
std::optional<int> enum_value(GObjectClass* type, const char* property, const char* nick);

/// Replies to `promise` that all went well; null is no promise. Any thread.
inline void reply(GstPromise* promise) {
  if (promise) gst_promise_reply(promise, nullptr);
}

/// Sets the `add_candidate` of an agent that needs no remote candidates. Since 1.24 it has a promise, which comes from
/// whoever emits webrtcbin's "add-ice-candidate-full" and which webrtcbin itself never answers.
inline void ignore_candidates(GstWebRTCICEClass* type) {
#if GST_CHECK_VERSION(1, 24, 0)
  type->add_candidate = [](GstWebRTCICE*, GstWebRTCICEStream*, const gchar*, GstPromise* promise) noexcept {
    reply(promise);
  };
#else
  type->add_candidate = [](GstWebRTCICE*, GstWebRTCICEStream*, const gchar*) noexcept {};
#endif
}

/// Sets the `close` of an agent, which webrtcbin 1.28 calls unasked whenever it stops (and aborts where there is none).
/// In older headers its place is the first reserved one: set there, a program that is compiled with 1.26 runs
/// with 1.28.
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
