// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <string>

#include "stream/client_media.hpp"
#include "stream/stream_registry.hpp"

namespace voicecast {

/// A new unguessable id for a sender's connection. Any thread.
std::string new_connection_id();

/// The id of the stream of this connection. Pure.
std::string stream_id_of(const std::string& connection_id);

/// A client's stream, in the registry during the life of this object. Main thread.
class Publication : public ClientMedia {
 public:
  /// Opens the stream `id`; `name` is the stream's and `client` the client's, for people. The answer to `offer` is
  /// passed to `events`. Registry and events outlive the Publication.
  static Result<std::unique_ptr<Publication>> open(StreamRegistry& registry, const std::string& id,
                                                   const std::string& name, const std::string& client,
                                                   const RemoteDescription& offer, MediaEvents& events);
  ~Publication() override;

  const std::string& stream_id() const override { return stream_->id(); }
  void add_candidate(const std::string& candidate) override { stream_->add_candidate(candidate); }
  Result<IceParameters> restart_ice(const IceParameters& remote) override { return stream_->restart_ice(remote); }
  /// See Stream::resume().
  Result<LocalDescription> resume(const RemoteDescription& offer) { return stream_->resume(offer); }

 private:
  Publication(StreamRegistry& registry, std::string client, std::shared_ptr<Stream> stream);

  StreamRegistry& registry_;
  std::string client_;
  std::shared_ptr<Stream> stream_;
};

}  // namespace voicecast
