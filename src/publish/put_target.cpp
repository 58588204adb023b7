// SPDX-License-Identifier: MIT
#include "publish/put_target.hpp"

#include <gio/gio.h>

#include <utility>

#include "http/soup.hpp"

namespace voicecast {

template <>
struct Refs<GCancellable> : ObjectRefs {};

namespace {

/// libsoup's timeout, in seconds.
constexpr unsigned answer_timeout_s = 10;

constexpr unsigned multiple_choices = 300;  // the first status after success

/// RFC 9110 §14.4: first and last byte; the total length is unknown.
std::string content_range(std::uint64_t offset, std::size_t size) {
  return "bytes " + std::to_string(offset) + "-" + std::to_string(offset + size - 1) + "/*";
}

struct Credentials {
  std::string user, password;
};

/// Sends credentials only in response to a challenge, and once: a wrong password must not be repeated forever.
gboolean on_authenticate(SoupMessage*, SoupAuth* auth, gboolean is_retry, gpointer p) noexcept {
  const auto* credentials = static_cast<Credentials*>(p);
  if (is_retry || credentials->password.empty()) return FALSE;
  soup_auth_authenticate(auth, credentials->user.c_str(), credentials->password.c_str());
  return TRUE;
}

/// Rewinds the body when it is sent again, after a challenge.
void on_restarted(SoupMessage* message, gpointer body) noexcept {
  soup_message_set_request_body_from_bytes(message, nullptr, static_cast<GBytes*>(body));
}

}  // namespace

PutTarget::PutTarget(const PublishConfig& config, const std::string& url, std::uint64_t max_backlog_bytes,
                     TargetEvents& events)
    : url_(url),
      user_(config.user),
      password_(config.password),
      interval_(config.interval),
      max_backlog_bytes_(max_backlog_bytes),
      events_(events),
      link_(std::make_shared<BackLink>(BackLink{this})),
      session_(GPtr<SoupSession>::adopt(soup_session_new_with_options("timeout", answer_timeout_s, "user-agent",
                                                                      "voicecast/" VOICECAST_VERSION, nullptr))),
      cancellable_(GPtr<GCancellable>::adopt(g_cancellable_new())) {}

PutTarget::~PutTarget() {
  link_->target = nullptr;
  g_cancellable_cancel(cancellable_.get());
  soup_session_abort(session_.get());
}

bool PutTarget::feed(const EncodedFrames& frames) {
  const auto size = g_bytes_get_size(frames.bytes.get());
  if (waiting_bytes_ + size > max_backlog_bytes_) return false;
  waiting_.push_back(frames.bytes);
  waiting_bytes_ += size;
  send_if_due();
  return true;
}

void PutTarget::finish() {
  is_finishing_ = true;
  send_if_due();
}

bool PutTarget::resume() {
  has_failed_ = false;
  send_if_due();
  return true;
}

void PutTarget::send_if_due() {
  if (is_sending_ || has_failed_) return;
  const bool is_time = std::chrono::steady_clock::now() - sent_at_ >= interval_;
  if (body_ || (!waiting_.empty() && (is_time || is_finishing_))) return send();
  if (!is_finishing_) return;
  post([link = link_] {
    if (link->target) link->target->events_.on_target_finished();
  });
}

/// All queued bytes in one piece, as whole frames.
GPtr<GBytes> PutTarget::take_body() {
  GByteArray* all = g_byte_array_sized_new(static_cast<guint>(waiting_bytes_));
  for (const auto& frames : waiting_) {
    gsize size = 0;
    const auto* data = static_cast<const guint8*>(g_bytes_get_data(frames.get(), &size));
    g_byte_array_append(all, data, static_cast<guint>(size));
  }
  waiting_.clear();
  waiting_bytes_ = 0;
  return GPtr<GBytes>::adopt(g_byte_array_free_to_bytes(all));
}

void PutTarget::send() {
  if (!body_) body_ = take_body();
  const auto message = GPtr<SoupMessage>::adopt(soup_message_new(SOUP_METHOD_PUT, url_.c_str()));
  soup_message_set_request_body_from_bytes(message.get(), "audio/mpeg", body_.get());
  if (offset_ > 0)
    soup_message_headers_replace(soup_message_get_request_headers(message.get()), "Content-Range",
                                 content_range(offset_, g_bytes_get_size(body_.get())).c_str());
  g_signal_connect_data(
      message.get(), "authenticate", G_CALLBACK(on_authenticate), new Credentials{user_, password_},
      [](gpointer p, GClosure*) { delete static_cast<Credentials*>(p); }, GConnectFlags{});
  g_signal_connect_data(
      message.get(), "restarted", G_CALLBACK(on_restarted), g_bytes_ref(body_.get()),
      [](gpointer p, GClosure*) { g_bytes_unref(static_cast<GBytes*>(p)); }, GConnectFlags{});
  sent_at_ = std::chrono::steady_clock::now();
  is_sending_ = true;
  soup_session_send_and_read_async(
      session_.get(), message.get(), G_PRIORITY_DEFAULT, cancellable_.get(),
      [](GObject* session, GAsyncResult* result, gpointer p) noexcept {
        const std::unique_ptr<std::shared_ptr<BackLink>> link(static_cast<std::shared_ptr<BackLink>*>(p));
        GError* raw = nullptr;
        const auto answer = GPtr<GBytes>::adopt(soup_session_send_and_read_finish(SOUP_SESSION(session), result, &raw));
        const GUnique<GError> error(raw);
        auto* target = (*link)->target;
        if (!target) return;
        auto* asked = soup_session_get_async_result_message(SOUP_SESSION(session), result);
        target->on_answer(asked ? soup_message_get_status(asked) : 0, error ? error->message : "");
      },
      new std::shared_ptr<BackLink>(link_));
}

void PutTarget::on_answer(unsigned status, const std::string& problem) {
  is_sending_ = false;
  if (problem.empty() && status < multiple_choices) {
    offset_ += g_bytes_get_size(body_.get());
    body_ = {};
    events_.on_target_live();
    return send_if_due();
  }
  has_failed_ = true;
  const char* phrase = soup_status_get_phrase(status);
  events_.on_target_failed(
      {ErrorCode::failed, problem.empty() ? "the server responds " + std::to_string(status) + " " + phrase : problem});
}

}  // namespace voicecast
