// SPDX-License-Identifier: MIT
#pragma once

#include <string>

typedef struct _GstElement GstElement;

namespace voicecast {

/// The structure of a bin in Graphviz' language: its elements with their states, their pads, the links, and the media
/// type of each link. Contains no secret: no element properties and no fields of caps, which include the keys of DTLS
/// and SRTP, and no memory addresses. (It contains properties of pads: webrtcbin's have an msid, which clients are
/// told.) Any thread; takes milliseconds with many receivers.
std::string graph_of(GstElement* bin);

}  // namespace voicecast
