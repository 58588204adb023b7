// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <string>

#include "base/main_loop.hpp"
#include "publish/publish_target.hpp"

typedef struct _SoupSession SoupSession;
typedef struct _GCancellable GCancellable;

namespace voicecast {

/// An MP3 mount of Icecast. Sets the title by a separate request to /admin/metadata, in UTF-8: shout2send would set
/// "ARTIST - TITLE" or "Unknown - TITLE" (seen in 1.22.0). Main thread.
class IcecastTarget : public PublishTarget {
 public:
  /// `mount` sends the audio to this URL.
  IcecastTarget(const PublishConfig& config, const std::string& url, std::unique_ptr<PublishTarget> mount);
  ~IcecastTarget() override;

  bool feed(const EncodedFrames& frames) override { return mount_->feed(frames); }
  void set_title(const std::string& title) override;
  void finish() override { mount_->finish(); }
  bool resume() override { return mount_->resume(); }
  bool is_resumable() const override { return mount_->is_resumable(); }
  std::uint64_t sent_bytes() const override { return mount_->sent_bytes(); }

 private:
  void send_title();
  void on_answer(const std::string& problem);

  std::string place_, address_, authorization_, title_;
  std::unique_ptr<PublishTarget> mount_;
  GPtr<SoupSession> session_;
  GPtr<GCancellable> cancellable_;
  unsigned tries_ = 0;
  Timer timer_;
};

}  // namespace voicecast
