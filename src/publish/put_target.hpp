// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <deque>
#include <memory>
#include <string>

#include "base/main_loop.hpp"
#include "publish/publish_target.hpp"

typedef struct _SoupSession SoupSession;
typedef struct _SoupMessage SoupMessage;
typedef struct _GCancellable GCancellable;

namespace voicecast {

/// A target for http:// and https://: a file on the server, extended by a PUT every few seconds, the first one complete
/// and the others with Content-Range (RFC 9110 §14.5), as WebDAV servers accept them. A failed request is repeated
/// unchanged, so that a server's restart loses nothing. Asynchronous, on the main loop. Main thread.
///
/// GStreamer's souphttpclientsink does the same per buffer, but with libsoup 3 it takes every answer for a success,
/// also none, and has no password (docs/versions.md): it cannot tell that it should try again.
class PutTarget : public PublishTarget {
 public:
  PutTarget(const PublishConfig& config, const std::string& url, std::uint64_t max_backlog_bytes, TargetEvents& events);
  ~PutTarget() override;

  bool feed(const EncodedFrames& frames) override;
  void finish() override;
  bool resume() override;
  bool is_resumable() const override { return true; }
  std::uint64_t sent_bytes() const override { return offset_; }

 private:
  /// Expires with the target: late responses are ignored.
  struct BackLink {
    PutTarget* target;
  };
  void send_if_due();
  void send();
  GPtr<GBytes> take_body();
  void on_answer(unsigned status, const std::string& problem);

  std::string url_, user_, password_;
  std::chrono::seconds interval_;
  std::uint64_t max_backlog_bytes_;
  TargetEvents& events_;
  std::shared_ptr<BackLink> link_;
  GPtr<SoupSession> session_;
  GPtr<GCancellable> cancellable_;
  std::deque<GPtr<GBytes>> waiting_;
  std::uint64_t waiting_bytes_ = 0;
  GPtr<GBytes> body_;         // of the running or failed request
  std::uint64_t offset_ = 0;  // its offset in the file
  std::chrono::steady_clock::time_point sent_at_;
  bool is_sending_ = false, has_failed_ = false, is_finishing_ = false;
};

}  // namespace voicecast
