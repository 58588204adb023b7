// SPDX-License-Identifier: MIT
#pragma once

#include <gst/gst.h>

#include "gst/gst.hpp"

namespace voicecast {

/// The DTLS transport (GstWebRTCDTLSTransport) of the one m-line that a webrtcbin of ours has; null before a
/// description made it. Any thread.
GPtr<GObject> dtls_transport(GstElement* webrtcbin);

/// Its ICE transport (GstWebRTCICETransport), likewise.
GPtr<GObject> ice_transport(GstElement* webrtcbin);

bool is_made_by(GstElement* element, const char* factory_name);

/// Whether packets come into or leave a webrtcbin by this element: libnice's, or that of ICE lite. Any thread.
bool is_ice_source(GstElement* element);
bool is_ice_sink(GstElement* element);
/// The element of that kind that a webrtcbin with one m-line has; none before it is connected. Any thread.
GPtr<GstElement> find_element(GstElement* webrtcbin, const char* factory_name);

}  // namespace voicecast
