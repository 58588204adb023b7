// SPDX-License-Identifier: MIT
#pragma once

#include <memory>

#include "connection/tcp_connection.hpp"

typedef struct _SoupServerMessage SoupServerMessage;

namespace voicecast {

/// The connection of a request; null when it is gone. Main thread.
std::shared_ptr<TcpConnection> connection_of(SoupServerMessage* request);

}  // namespace voicecast
