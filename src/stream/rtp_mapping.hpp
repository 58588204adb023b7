// SPDX-License-Identifier: MIT
#pragma once

typedef struct _GstPad GstPad;

namespace voicecast {

/// Makes RTP that leaves by `source` what a receiver asked for who dictates its form (WHEP): his payload type, in the
/// packets and in the caps, and none of the sender's header extensions, whose numbers he did not agree to. The payload
/// is not copied. Any thread, before the first packet.
void map_packets(GstPad* source, unsigned payload_type);

}  // namespace voicecast
