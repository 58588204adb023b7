// SPDX-License-Identifier: MIT
#include "publish/publish_sinks.hpp"

#include <gst/gst.h>

#include "base/gio.hpp"
#include "publish/pipeline_target.hpp"
#include "publish/recordings.hpp"
#include "publish/shout_events.hpp"

namespace voicecast {
namespace {

constexpr int icecast_port = 8000;

}  // namespace

Result<std::unique_ptr<PublishTarget>> push_to_icecast(const MediaConfig& media, const PublishConfig& config,
                                                       const std::string& url, const std::string& title,
                                                       TargetEvents& events) {
  GError* raw = nullptr;
  const auto uri = GPtr<GUri>::adopt(g_uri_parse(url.c_str(), G_URI_FLAGS_NONE, &raw));
  if (raw) return take_error(raw, "the URL");
  const auto prepare = [uri, url, title, user = config.user, password = config.password](GstElement* sink) {
    give_back_events(sink);
    const int port = g_uri_get_port(uri.get());
    g_object_set(sink, "ip", g_uri_get_host(uri.get()), "port", port < 0 ? icecast_port : port, "mount",
                 g_uri_get_path(uri.get()), "streamname", title.empty() ? "voicecast" : title.c_str(), nullptr);
    if (!password.empty()) g_object_set(sink, "username", user.c_str(), "password", password.c_str(), nullptr);
    return Result<std::string>(url);
  };
  return PipelineTarget::start(media.texts, "publish_icecast", config.format,
                               backlog_bytes(media.mp3_bitrate_kbps, max_network_backlog), prepare, events);
}

Result<std::unique_ptr<PublishTarget>> record_to_file(const MediaConfig& media, const PublishConfig& config,
                                                      const std::string& url, TargetEvents& events) {
  const auto prepare = [wanted = file_of(url)](GstElement* sink) -> Result<std::string> {
    const auto path = make_recording(wanted);
    if (!path) return path.error();
    g_object_set(sink, "location", path->c_str(), nullptr);
    const GUnique<char> made(g_filename_to_uri(path->c_str(), nullptr, nullptr));
    return std::string(made ? made.get() : "");
  };
  return PipelineTarget::start(media.texts, "record", config.format,
                               backlog_bytes(media.mp3_bitrate_kbps, max_file_backlog), prepare, events);
}

}  // namespace voicecast
