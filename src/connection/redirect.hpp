// SPDX-License-Identifier: MIT
#pragma once

#include "connection/error_response.hpp"
#include "connection/request_head.hpp"

namespace voicecast {

/// The response to an HTTP request on the HTTPS port: a redirect to the same host and path by https (RFC 9110 §15.4.9),
/// or an error if the request names no host. Pure.
ErrorResponse redirect_to_https(const RequestHead& head);

}  // namespace voicecast
