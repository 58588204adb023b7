// SPDX-License-Identifier: MIT
#pragma once

#include <gst/gst.h>

#include "gst/gst.hpp"

namespace voicecast {

/// The DTLS transport (GstWebRTCDTLSTransport) of the one m-line of a webrtcbin; null before a description creates it.
/// Any thread.
GPtr<GObject> dtls_transport(GstElement* webrtcbin);

/// The ICE transport (GstWebRTCICETransport) of the one m-line; null before a description creates it. Any thread.
GPtr<GObject> ice_transport(GstElement* webrtcbin);

/// Whether the factory of this name made the element. Any thread.
bool is_made_by(GstElement* element, const char* factory_name);

/// Whether the element receives or sends the packets of a webrtcbin: libnice's, or that of ICE lite. Any thread.
bool is_ice_source(GstElement* element);
bool is_ice_sink(GstElement* element);
/// The element of this factory in a webrtcbin with one m-line; null before it is connected. Any thread.
GPtr<GstElement> find_element(GstElement* webrtcbin, const char* factory_name);

}  // namespace voicecast
