// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>

#include "audio/encoded_frames.hpp"
#include "base/result.hpp"
#include "config/publish_config.hpp"

namespace voicecast {

/// Receives a target's events, on the main loop, never inside a call of the target. An interface, for each kind of
/// target passes the same four events, and a target is made, and tested, without an Outlet.
class TargetEvents {
 public:
  virtual ~TargetEvents() = default;
  /// A file got another name, because the requested one exists.
  virtual void on_target_at(const std::string& url) = 0;
  /// The target accepts audio.
  virtual void on_target_live() = 0;
  /// The target has failed. No further event follows, unless it is resumed.
  virtual void on_target_failed(const Error& reason) = 0;
  /// After finish(): everything is delivered.
  virtual void on_target_finished() = 0;
};

/// A destination of frames: a server or a file. Its calls never block. The destructor stops it at once, in the
/// background. Main thread.
class PublishTarget {
 public:
  virtual ~PublishTarget() = default;
  /// Sends frames, which are not empty. False: the backlog is full; the frames are dropped.
  virtual bool feed(const EncodedFrames& frames) = 0;
  /// Sets the title for a radio server's listeners: UTF-8, not empty. Call it after on_target_live().
  virtual void set_title(const std::string& /*title*/) {}
  /// Ends the input; queued frames are still sent.
  virtual void finish() = 0;
  /// Continues after a failure. False: this target cannot; make a new one.
  virtual bool resume() { return false; }
  /// Whether it queues frames after a failure, for resume().
  virtual bool is_resumable() const { return false; }
  /// The bytes that the destination has accepted.
  virtual std::uint64_t sent_bytes() const = 0;
};

/// Makes the target for a URL with replaced placeholders; `title` is UTF-8. `events` outlives the target.
using MakeTarget = std::function<Result<std::unique_ptr<PublishTarget>>(
    const PublishConfig& config, const std::string& url, const std::string& title, TargetEvents& events)>;

/// The backlog of a network target, and of a file, whose disk may have to spin up or flush. Audio beyond it is dropped.
constexpr std::chrono::seconds max_network_backlog{30};
constexpr std::chrono::seconds max_file_backlog{60};

inline std::uint64_t backlog_bytes(unsigned bitrate_kbps, std::chrono::seconds backlog) {
  return static_cast<std::uint64_t>(backlog.count()) * bitrate_kbps * 1000 / 8;
}

}  // namespace voicecast
