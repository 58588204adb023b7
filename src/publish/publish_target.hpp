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

/// What a target tells, on the main loop and never inside a call to it.
class TargetEvents {
 public:
  virtual ~TargetEvents() = default;
  /// A file has another name than was asked for, as that one was taken.
  virtual void on_target_at(const std::string& url) = 0;
  /// The far end takes what comes.
  virtual void on_target_live() = 0;
  /// It does not, and nothing more comes unless the target is resumed.
  virtual void on_target_failed(const Error& reason) = 0;
  /// After finish(): everything is there.
  virtual void on_target_finished() = 0;
};

/// Where frames go: a server or a file. Whatever blocks there blocks nothing here. Dropping it stops it at once, in the
/// background. Main thread.
class PublishTarget {
 public:
  virtual ~PublishTarget() = default;
  /// `frames` are not empty. False: the far end is so far behind that they are not taken.
  virtual bool feed(const EncodedFrames& frames) = 0;
  /// What is heard from now on, for the listeners of a radio server, in UTF-8 and not empty. Once it is live.
  virtual void set_title(const std::string& /*title*/) {}
  /// Nothing more is fed; what was is still sent.
  virtual void finish() = 0;
  /// After a failure: goes on where it stopped. False: this target cannot; make a new one.
  virtual bool resume() { return false; }
  /// Whether it keeps what is fed after a failure, to resume with.
  virtual bool is_resumable() const { return false; }
  /// What the far end took.
  virtual std::uint64_t sent_bytes() const = 0;
};

/// Makes the target for a URL whose placeholders are filled; `title` is for people. `events` outlives the target.
using MakeTarget = std::function<Result<std::unique_ptr<PublishTarget>>(
    const PublishConfig& config, const std::string& url, const std::string& title, TargetEvents& events)>;

/// How much of a network target's audio is kept while it takes nothing, and of a file's, whose disk may have to spin up
/// or flush. What comes on top is lost to it.
constexpr std::chrono::seconds max_network_backlog{30};
constexpr std::chrono::seconds max_file_backlog{60};

inline std::uint64_t backlog_bytes(unsigned bitrate_kbps, std::chrono::seconds backlog) {
  return static_cast<std::uint64_t>(backlog.count()) * bitrate_kbps * 1000 / 8;
}

}  // namespace voicecast
