// SPDX-License-Identifier: MIT
#include "stream/publication.hpp"

#include <glib.h>

#include <utility>

#include "base/log.hpp"
#include "base/ptr.hpp"

namespace voicecast {

std::string new_connection_id() { return GUnique<char>(g_uuid_string_random()).get(); }

std::string stream_id_of(const std::string& connection_id) { return "stream_" + connection_id; }

Result<std::unique_ptr<Publication>> Publication::open(StreamRegistry& registry, const std::string& id,
                                                       const std::string& name, const std::string& client,
                                                       const RemoteDescription& offer, MediaEvents& events) {
  auto stream = registry.open(id, name, offer, events);
  if (!stream) return stream.error();
  log_info(client + " sends " + id + ": Opus, payload type " + std::to_string(offer.payload_type) +
               (offer.sends_stereo ? ", stereo" : ""),
           {{"VOICECAST_CLIENT", client}, {"VOICECAST_STREAM", id}});
  return std::unique_ptr<Publication>(new Publication(registry, client, std::move(*stream)));
}

Publication::Publication(StreamRegistry& registry, std::string client, std::shared_ptr<Stream> stream)
    : registry_(registry), client_(std::move(client)), stream_(std::move(stream)) {}

Publication::~Publication() {
  const auto id = stream_->id();
  registry_.close(id);
  log_info(id + " ended", {{"VOICECAST_CLIENT", client_}, {"VOICECAST_STREAM", id}});
}

}  // namespace voicecast
