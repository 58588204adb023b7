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

/// http:// and https://: a file on the receiver that grows by a PUT every few seconds, the first whole and the others
/// with Content-Range (RFC 9110 §14.5), as WebDAV servers take them. A request that fails is sent again as it was, so
/// that a receiver that restarts loses nothing. All of it is asynchronous, on the main loop.
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
  /// What an answer finds that comes when the target is gone: nobody.
  struct Door {
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
  std::shared_ptr<Door> door_;
  GPtr<SoupSession> session_;
  GPtr<GCancellable> cancellable_;
  std::deque<GPtr<GBytes>> waiting_;
  std::uint64_t waiting_bytes_ = 0;
  GPtr<GBytes> body_;         // of the request that is under way or has failed
  std::uint64_t offset_ = 0;  // where it belongs: all before is there
  std::chrono::steady_clock::time_point sent_at_;
  bool is_sending_ = false, has_failed_ = false, is_finishing_ = false;
};

}  // namespace voicecast
