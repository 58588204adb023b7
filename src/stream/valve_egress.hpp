// SPDX-License-Identifier: MIT
#pragma once

#include <memory>

#include "stream/egress.hpp"

typedef struct _GstElement GstElement;

namespace voicecast {

/// Sends through the valve in `bin` (of receiver.launch) and `webrtcbin` behind it. Holds both. Main thread.
std::unique_ptr<ReceiverEgress> make_valve_egress(GstElement* bin, GstElement* webrtcbin);

}  // namespace voicecast
