// SPDX-License-Identifier: MIT
#pragma once

#include <memory>

#include "stream/admission.hpp"
#include "stream/stream_registry.hpp"
#include "whip/media_endpoint.hpp"

namespace voicecast {

/// The WHEP endpoint (draft-ietf-wish-whep): POST /whep/STREAM_ID or /whep/latest. Main thread.
class Whep : public MediaEndpoint, public StreamObserver {
 public:
  /// The arguments outlive it.
  Whep(StreamRegistry& registry, Admission& admission, const MediaEndpointConfig& config);

  void on_stream_available(const std::string&) override {}
  void on_stream_ended(const std::string& id) override;

 private:
  void take_offer(SoupServerMessage* request, const Requester& requester, const std::string& name,
                  std::string_view sdp) override;
  void look(SoupServerMessage* request, const std::string& name) override;
  std::shared_ptr<Stream> find(const std::string& name) const;

  StreamRegistry& registry_;
  Admission& admission_;
};

}  // namespace voicecast
