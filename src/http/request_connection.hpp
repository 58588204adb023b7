// SPDX-License-Identifier: MIT
#pragma once

#include <memory>

#include "connection/tcp_connection.hpp"

typedef struct _SoupServerMessage SoupServerMessage;

namespace voicecast {

/// The TCP connection of a request; null if it is closed. Main thread.
std::shared_ptr<TcpConnection> connection_of(SoupServerMessage* request);

}  // namespace voicecast
