// SPDX-License-Identifier: MIT
#pragma once

#include <openssl/bio.h>

#include <functional>

#include "rtp/srtp.hpp"

namespace voicecast {

/// The two ends of a BIO that keeps the boundaries of datagrams, which OpenSSL's BIO for memory does not. A read takes
/// `incoming`, once; a write is a call of `send`.
struct DatagramEnds {
  Bytes incoming;
  std::function<void(Bytes)> send;
};

/// A BIO on these ends, which outlive it; null without memory (transfer full).
BIO* new_datagram_bio(DatagramEnds& ends);

}  // namespace voicecast
