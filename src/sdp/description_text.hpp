// SPDX-License-Identifier: MIT
#pragma once

#include <string>

/// Descriptions as they are written: a client's for webrtcbin, and ours for a client. Pure.
namespace voicecast {

struct LocalDescription;
struct RemoteDescription;

/// The one-m-line description for webrtcbin.
std::string to_sdp(const RemoteDescription& description);

/// The description for the client, with all m-lines.
std::string to_sdp(const LocalDescription& description);

}  // namespace voicecast
