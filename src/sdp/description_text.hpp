// SPDX-License-Identifier: MIT
#pragma once

#include <string>

/// Writes descriptions: a client's for webrtcbin, and the server's for a client. Pure.
namespace voicecast {

struct LocalDescription;
struct RemoteDescription;

/// The description for webrtcbin, with the audio m-line alone.
std::string to_sdp(const RemoteDescription& description);

/// The description for the client, with all m-lines.
std::string to_sdp(const LocalDescription& description);

}  // namespace voicecast
