// SPDX-License-Identifier: MIT
#include "radio/audio_handler.hpp"

#include <string>

#include "access/refusal_log.hpp"
#include "http/accept.hpp"
#include "http/answer.hpp"
#include "http/pages.hpp"
#include "http/public_url.hpp"
#include "http/request_connection.hpp"
#include "radio/icy.hpp"
#include "radio/playlist.hpp"
#include "stream/admission.hpp"

namespace voicecast {
namespace {

bool is_head(SoupServerMessage* request) {
  return g_str_equal(soup_server_message_get_method(request), SOUP_METHOD_HEAD);
}

bool can_show_a_page(SoupServerMessage* request) {
  const auto accept = header(request, "Accept");
  return shows_html({has_header(request, "Icy-MetaData"), has_header(request, "Range"), accept});
}

/// Whether the query has ?NAME=1 or, for 0, ?NAME=0.
bool has_switch(GHashTable* query, const char* name, char position = '1') {
  const char* value = query_value(query, name);
  return value && value[0] == position && value[1] == '\0';
}

/// The headers of an MP3 or Opus response.
void set_stream_headers(SoupServerMessage* request, AudioFormat format) {
  set_header(request, "Content-Type", media_type(format));
  set_header(request, "Cache-Control", "no-cache, no-store");
  set_header(request, "Accept-Ranges", "none");
  set_header(request, "X-Content-Type-Options", "nosniff");
  // Without it nginx buffers megabytes for a player that stalls, and the player falls behind by as much.
  set_header(request, "X-Accel-Buffering", "no");
  set_header(request, "Access-Control-Expose-Headers", "icy-metaint, icy-name, icy-br");
}

/// The headers that Icecast adds for a player with Icy-MetaData: 1. Other players get none: VLC sends a second request
/// when it sees one. A name has no control characters (clean_name).
void set_icy_headers(SoupServerMessage* request, const std::string& name, unsigned bitrate_kbps) {
  set_header(request, "icy-name", name.empty() ? "voicecast" : name);
  set_header(request, "icy-pub", "0");
  set_header(request, "icy-br", std::to_string(bitrate_kbps));
  set_header(request, "icy-metaint", std::to_string(icy_interval_bytes));
}

/// An MP3 or Opus response without its body.
void answer_audio_head(SoupServerMessage* request) {
  soup_server_message_set_status(request, SOUP_STATUS_OK, nullptr);
  soup_message_headers_set_encoding(soup_server_message_get_response_headers(request), SOUP_ENCODING_EOF);
}

/// The absolute URL of NAME.mp3, with the query of the request.
std::string mp3_url(SoupServerMessage* request, const Requester& requester, std::string_view name) {
  const char* query = g_uri_get_query(soup_server_message_get_uri(request));
  return public_url(request, requester.is_by_proxy).text() + std::string(audio_folder) + std::string(name) + ".mp3" +
         (query ? std::string("?") + query : "");
}

}  // namespace

AudioHandler::AudioHandler(Radio& radio, StreamRegistry& registry, const Guard& guard, const Limits& limits,
                           RefusalCounts& refusals, BurstConfig burst)
    : radio_(radio), registry_(registry), guard_(guard), limits_(limits), refusals_(refusals), burst_(burst) {}

std::shared_ptr<Stream> AudioHandler::find(std::string_view name) const {
  return name == "latest" ? registry_.newest() : registry_.find(std::string(name));
}

/// Ends the response when the listener's token expires. False: the limit of listeners is reached, or the connection is
/// gone.
bool AudioHandler::admit(SoupServerMessage* request, const Requester& requester) {
  if (radio_.listener_count() >= limits_.mp3_listeners) {
    refusals_.add(RefusalReason::listeners);
    log_refusal(RefusalReason::listeners, requester.key, "there are too many listeners");
    refuse_for_now(request, "there are too many listeners", usual_wait);
    return false;
  }
  const auto connection = connection_of(request);
  if (!connection) return false;
  if (requester.grant.expires) connection->end_at(*requester.grant.expires);
  return true;
}

void AudioHandler::serve(SoupServerMessage* request, const Requester& requester, std::string_view file,
                         GHashTable* query) {
  const auto dot = file.rfind('.');
  const auto name = file.substr(0, dot);
  const auto ending = dot == std::string_view::npos ? "" : file.substr(dot);
  if (ending == ".mp3") return get_audio(request, requester, name, AudioFormat::mp3, query);
  if (ending == ".opus") return get_audio(request, requester, name, AudioFormat::ogg, query);
  if (ending == ".m3u" || ending == ".pls") return get_playlist(request, requester, name, ending == ".pls");
  answer_text(request, SOUP_STATUS_NOT_FOUND, "Not found");
}

Result<ListenOptions> AudioHandler::listen_options_of(SoupServerMessage* request, AudioFormat format,
                                                      GHashTable* query) const {
  ListenOptions options;
  options.speaks_icy =
      format == AudioFormat::mp3 && header(request, "Icy-MetaData") == "1" && !has_switch(query, "icy", '0');
  options.follows = has_switch(query, "follow");
  options.burst_bytes = burst_.bytes.value_or(
      usual_burst_bytes(header(request, "User-Agent"), has_header(request, "Icy-MetaData"), burst_.bitrate_kbps));
  if (const char* burst = query_value(query, "burst")) {
    const auto bytes = parse_burst(burst);
    if (!bytes) return Error{ErrorCode::failed, "Bad request: burst is not a number of bytes from 0 to 524288"};
    options.burst_bytes = *bytes;
  }
  return options;
}

void AudioHandler::get_audio(SoupServerMessage* request, const Requester& requester, std::string_view name,
                             AudioFormat format, GHashTable* query) {
  if (!requester.may_hear(name)) return guard_.forbid(request, requester);
  const auto stream = find(name);
  if (!stream && name != "latest") return answer_text(request, SOUP_STATUS_NOT_FOUND, "Stream not found");
  const auto options = listen_options_of(request, format, query);
  if (!options) return answer_text(request, SOUP_STATUS_BAD_REQUEST, options.error().message);
  if ((*options).follows && !requester.grant.may_listen_to_all) return guard_.forbid(request, requester);
  if (!stream && can_show_a_page(request) && !(*options).follows && !has_switch(query, "wait"))
    return answer_page(request, "waiting.html", guard_.frame_ancestors(request));
  if (!is_head(request) && !admit(request, requester)) return;
  set_stream_headers(request, format);
  if ((*options).speaks_icy) set_icy_headers(request, stream ? stream->name() : "", burst_.bitrate_kbps);
  if (is_head(request)) return answer_audio_head(request);
  if (stream)
    radio_.listen(request, stream, format, *options);
  else
    radio_.hold(request, format, *options);
}

void AudioHandler::get_playlist(SoupServerMessage* request, const Requester& requester, std::string_view name,
                                bool is_pls) {
  if (!requester.may_hear(name)) return guard_.forbid(request, requester);
  const auto stream = find(name);
  if (!stream && name != "latest") return answer_text(request, SOUP_STATUS_NOT_FOUND, "Stream not found");
  const auto title = stream && !stream->name().empty() ? stream->name() : "voicecast";
  const auto url = mp3_url(request, requester, name);
  if (is_pls) return answer(request, SOUP_STATUS_OK, "audio/x-scpls", pls(url, title));
  answer(request, SOUP_STATUS_OK, "audio/x-mpegurl", m3u(url, title));
}

}  // namespace voicecast
