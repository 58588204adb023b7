// SPDX-License-Identifier: MIT
#include "publish/icecast_target.hpp"

#include <libsoup/soup.h>

#include "base/gio.hpp"
#include "base/log.hpp"
#include "http/soup.hpp"

namespace voicecast {

namespace {

/// libsoup's timeout, in seconds.
constexpr unsigned answer_timeout_s = 10;
/// A new mount may not be registered yet.
constexpr unsigned max_tries = 5;
constexpr std::chrono::seconds retry_interval{2};

constexpr unsigned multiple_choices = 300;  // the first status after success

std::string escaped(const std::string& text) {
  const GUnique<char> escaped(g_uri_escape_string(text.c_str(), nullptr, FALSE));
  return escaped.get();
}

/// The URL of the metadata request for a mount's URL, without the title; empty for an invalid one.
std::string address_of(const std::string& url) {
  constexpr int icecast_port = 8000;
  const auto uri = GPtr<GUri>::adopt(g_uri_parse(url.c_str(), G_URI_FLAGS_NONE, nullptr));
  if (!uri) return {};
  const int port = g_uri_get_port(uri.get());
  const auto query = "mode=updinfo&charset=UTF-8&mount=" + escaped(g_uri_get_path(uri.get())) + "&song=";
  const GUnique<char> address(g_uri_join(G_URI_FLAGS_ENCODED, "http", nullptr, g_uri_get_host(uri.get()),
                                         port < 0 ? icecast_port : port, "/admin/metadata", query.c_str(), nullptr));
  return address.get();
}

/// The source's credentials are valid for its mount's metadata.
std::string authorization_of(const PublishConfig& config) {
  const auto credentials = config.user + ":" + config.password;
  const GUnique<char> encoded(g_base64_encode(reinterpret_cast<const guchar*>(credentials.data()), credentials.size()));
  return std::string("Basic ") + encoded.get();
}

}  // namespace

IcecastTarget::IcecastTarget(const PublishConfig& config, const std::string& url, std::unique_ptr<PublishTarget> mount)
    : place_("publish." + config.name + ": " + shown_url(url)),
      address_(address_of(url)),
      authorization_(authorization_of(config)),
      mount_(std::move(mount)),
      session_(GPtr<SoupSession>::adopt(soup_session_new_with_options("timeout", answer_timeout_s, "user-agent",
                                                                      "voicecast/" VOICECAST_VERSION, nullptr))),
      cancellable_(GPtr<GCancellable>::adopt(g_cancellable_new())) {}

IcecastTarget::~IcecastTarget() { g_cancellable_cancel(cancellable_.get()); }

/// Cancels a running request: its older title must not arrive after this one.
void IcecastTarget::set_title(const std::string& title) {
  title_ = title;
  tries_ = 0;
  timer_.reset();
  g_cancellable_cancel(cancellable_.get());
  cancellable_ = GPtr<GCancellable>::adopt(g_cancellable_new());
  send_title();
}

void IcecastTarget::send_title() {
  ++tries_;
  const auto message =
      GPtr<SoupMessage>::adopt(soup_message_new(SOUP_METHOD_GET, (address_ + escaped(title_)).c_str()));
  if (!message) return;
  soup_message_headers_replace(soup_message_get_request_headers(message.get()), "Authorization",
                               authorization_.c_str());
  soup_session_send_and_read_async(
      session_.get(), message.get(), G_PRIORITY_DEFAULT, cancellable_.get(),
      [](GObject* session, GAsyncResult* result, gpointer p) noexcept {
        GError* raw = nullptr;
        const auto body = GPtr<GBytes>::adopt(soup_session_send_and_read_finish(SOUP_SESSION(session), result, &raw));
        const GUnique<GError> error(raw);
        if (g_error_matches(raw, G_IO_ERROR, G_IO_ERROR_CANCELLED)) return;  // the target may be gone
        auto* asked = soup_session_get_async_result_message(SOUP_SESSION(session), result);
        const auto status = asked ? soup_message_get_status(asked) : SOUP_STATUS_NONE;
        const bool is_good = !error && status < multiple_choices;
        static_cast<IcecastTarget*>(p)->on_answer(is_good ? ""
                                                  : error ? error->message
                                                          : "Icecast responds " + std::to_string(status));
      },
      this);
}

void IcecastTarget::on_answer(const std::string& problem) {
  if (problem.empty()) return;
  if (tries_ < max_tries) {
    timer_ = after(retry_interval, [this] { send_title(); });
    return;
  }
  log_warning(place_ + ": cannot set the title: " + problem);
}

}  // namespace voicecast
