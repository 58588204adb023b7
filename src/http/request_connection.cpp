// SPDX-License-Identifier: MIT
#include "http/request_connection.hpp"

#include "connection/acceptor.hpp"
#include "http/soup.hpp"

namespace voicecast {

std::shared_ptr<TcpConnection> connection_of(SoupServerMessage* request) {
  return Acceptor::connection_of(soup_server_message_get_remote_address(request));
}

}  // namespace voicecast
