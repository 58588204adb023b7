// SPDX-License-Identifier: MIT
#pragma once

#include "connection/error_response.hpp"
#include "connection/request_head.hpp"

namespace voicecast {

/// The response to a request by plain HTTP on the port of HTTPS: the same host and path by https, as the request names
/// them (RFC 9110 §15.4.9), or words where it names no host. Pure.
ErrorResponse redirect_to_https(const RequestHead& head);

}  // namespace voicecast
