// SPDX-License-Identifier: MIT
#pragma once

#include <string>

typedef struct _GstElement GstElement;

namespace voicecast {

/// What a bin is made of, in the language of Graphviz: its elements and their states, their pads, what is linked to
/// what, and which type of media goes there. Nothing in it is a secret: it has no element's properties and no field of
/// caps, for the key of DTLS is among those and SRTP's are among these, and no address in our memory. (Properties of
/// pads it has: webrtcbin's have an msid, which clients are told.) Any thread; takes milliseconds where there are many
/// receivers.
std::string graph_of(GstElement* bin);

}  // namespace voicecast
