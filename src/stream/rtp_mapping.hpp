// SPDX-License-Identifier: MIT
#pragma once

typedef struct _GstPad GstPad;

namespace voicecast {

/// Maps the RTP leaving by `source` to the format of a receiver that offers (WHEP): its payload type, in packets and
/// caps, and no header extensions of the sender, whose ids were not negotiated. Does not copy the payload. Any thread,
/// before the first packet.
void map_packets(GstPad* source, unsigned payload_type);

}  // namespace voicecast
