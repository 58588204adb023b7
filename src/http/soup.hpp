// SPDX-License-Identifier: MIT
#pragma once

#include <libsoup/soup.h>

#include "base/ptr.hpp"

namespace voicecast {

template <>
struct Refs<SoupServer> : ObjectRefs {};
template <>
struct Refs<SoupSession> : ObjectRefs {};
template <>
struct Refs<SoupMessage> : ObjectRefs {};
template <>
struct Refs<SoupServerMessage> : ObjectRefs {};
template <>
struct Refs<SoupWebsocketConnection> : ObjectRefs {};

}  // namespace voicecast
