#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "glib/ptr.hpp"
#include "media/branch.hpp"
#include "media/media_config.hpp"
#include "media/takers.hpp"

namespace voicecast {

/// A branch of a stream's tee that makes frames of its voice: MP3, or pages of Ogg. It runs from when it is made until
/// it is dropped. Main thread.
class FrameOutput : public std::enable_shared_from_this<FrameOutput> {
 public:
  /// Called on the main loop with one whole frame each, to be shared and not copied.
  using OnFrames = Takers<GPtr<GBytes>>::Take;
  using Subscription = Takers<GPtr<GBytes>>::Subscription;
  FrameOutput(const FrameOutput&) = delete;
  virtual ~FrameOutput() = default;

  /// Gives `take` all frames from now on, for as long as the subscription is held.
  [[nodiscard]] Subscription subscribe(OnFrames take) { return takers_.add(std::move(take)); }
  /// What a decoder needs before its first frame, if it needs anything and it is known already: the first subscriber
  /// gets it as the first frames.
  const GPtr<GBytes>& header() const { return header_; }

 protected:
  FrameOutput() = default;
  /// Puts `bin`, whose open ends are "sink" and "src", behind the tee.
  Status attach(GPtr<GstElement> tee, GPtr<GstElement> bin);

 private:
  void hand_out(const GPtr<GBytes>& frame, bool is_header);
  std::optional<Branch> branch_;
  GPtr<GBytes> header_;
  Takers<GPtr<GBytes>> takers_;
};

}  // namespace voicecast
