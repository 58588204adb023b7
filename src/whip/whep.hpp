#pragma once

#include <chrono>
#include <functional>
#include <memory>

#include "stream/admission.hpp"
#include "stream/stream_registry.hpp"
#include "whip/media_door.hpp"

namespace voicecast {

/// Listeners by WHEP (draft-ietf-wish-whep): POST /whep/STREAM_ID or /whep/latest. Main thread.
class Whep : public MediaDoor, public StreamObserver {
 public:
  /// `on_joined` hears how long after his request a listener was connected. Registry and admission outlive it.
  Whep(StreamRegistry& registry, Admission& admission, const MediaDoorConfig& config,
       std::function<void(std::chrono::duration<double>)> on_joined);

  /// The listeners here who are connected.
  std::size_t hearing_count() const { return static_cast<std::size_t>(hearing_.use_count()) - 1; }

  void on_stream_available(const std::string&) override {}
  void on_stream_ended(const std::string& id) override;

 private:
  void take_offer(SoupServerMessage* request, const Visitor& visitor, const std::string& name,
                  std::string_view sdp) override;
  void look(SoupServerMessage* request, const std::string& name) override;
  std::shared_ptr<Stream> find(const std::string& name) const;

  StreamRegistry& registry_;
  Admission& admission_;
  std::function<void(std::chrono::duration<double>)> on_joined_;
  std::shared_ptr<void> hearing_ = std::make_shared<char>();  ///< every listener who is connected holds it
};

}  // namespace voicecast
