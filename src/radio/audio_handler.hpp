// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string_view>

#include "access/limits.hpp"
#include "access/refusals.hpp"
#include "http/guard.hpp"
#include "radio/radio.hpp"
#include "stream/stream_registry.hpp"

namespace voicecast {

/// The default burst: the bytes a listener without ?burst= gets at once.
struct BurstConfig {
  unsigned bitrate_kbps = 128;
  std::optional<std::size_t> bytes;  ///< nothing: what the player needs (usual_burst_bytes)
};

inline constexpr std::string_view audio_folder = "/stream/";

/// Serves audio_folder: MP3, Opus and playlists of a stream's id or of "latest". Errors are HTTP responses. Main
/// thread.
class AudioHandler {
 public:
  /// The arguments outlive the handler.
  AudioHandler(Radio& radio, StreamRegistry& registry, const Guard& guard, const Limits& limits,
               RefusalCounts& refusals, BurstConfig burst);

  /// Answers GET and HEAD of NAME.mp3, NAME.opus, NAME.m3u or NAME.pls, or hands the connection over to the Radio.
  void serve(SoupServerMessage* request, const Requester& requester, std::string_view file, GHashTable* query);

 private:
  bool admit(SoupServerMessage* request, const Requester& requester);
  void get_audio(SoupServerMessage* request, const Requester& requester, std::string_view name, AudioFormat format,
                 GHashTable* query);
  void get_playlist(SoupServerMessage* request, const Requester& requester, std::string_view name, bool is_pls);
  std::shared_ptr<Stream> find(std::string_view name) const;
  Result<ListenOptions> listen_options_of(SoupServerMessage* request, AudioFormat format, GHashTable* query) const;

  Radio& radio_;
  StreamRegistry& registry_;
  const Guard& guard_;
  const Limits& limits_;
  RefusalCounts& refusals_;
  BurstConfig burst_;
};

}  // namespace voicecast
