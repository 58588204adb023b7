#pragma once

#include <gst/gst.h>

#include "glib/gst.hpp"

namespace voicecast {

/// The DTLS transport (GstWebRTCDTLSTransport) of the one m-line that a webrtcbin of ours has; null before a
/// description made it. Any thread.
GPtr<GObject> dtls_transport(GstElement* webrtcbin);

/// Its ICE transport (GstWebRTCICETransport), likewise.
GPtr<GObject> ice_transport(GstElement* webrtcbin);

}  // namespace voicecast
