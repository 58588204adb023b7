// SPDX-License-Identifier: MIT
#pragma once

#include "stream/admission.hpp"
#include "stream/stream_registry.hpp"
#include "whip/media_endpoint.hpp"

namespace voicecast {

/// The WHIP endpoint (RFC 9725): POST /whip, or /whip/NAME, where NAME is the stream's name for people. Main thread.
class Whip : public MediaEndpoint {
 public:
  /// The arguments outlive it.
  Whip(StreamRegistry& registry, Admission& admission, const MediaEndpointConfig& config);

 private:
  void take_offer(SoupServerMessage* request, const Requester& requester, const std::string& name,
                  std::string_view sdp) override;
  void look(SoupServerMessage* request, const std::string& name) override;

  StreamRegistry& registry_;
  Admission& admission_;
};

}  // namespace voicecast
