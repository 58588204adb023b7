// SPDX-License-Identifier: MIT
#pragma once

#include <gio/gio.h>

#include "base/ptr.hpp"

namespace voicecast {

template <>
struct Refs<GIOStream> : ObjectRefs {};
template <>
struct Refs<GSocket> : ObjectRefs {};
template <>
struct Refs<GSocketConnection> : ObjectRefs {};
template <>
struct Refs<GSocketClient> : ObjectRefs {};
template <>
struct Refs<GSocketAddress> : ObjectRefs {};
template <>
struct Refs<GInetAddress> : ObjectRefs {};
template <>
struct Refs<GTlsCertificate> : ObjectRefs {};
template <>
struct Refs<GCancellable> : ObjectRefs {};
/// For a reference to a source with another owner; GUnique is for the owner.
template <>
struct Refs<GSource> : RefsBy<GSource, g_source_ref, g_source_unref> {};
template <>
struct Refs<GUri> : RefsBy<GUri, g_uri_ref, g_uri_unref> {};

}  // namespace voicecast
