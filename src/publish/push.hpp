// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "audio/mp3_frame.hpp"
#include "base/main_loop.hpp"
#include "publish/backoff.hpp"
#include "publish/outlets.hpp"
#include "publish/publish_target.hpp"
#include "publish/push_status.hpp"
#include "stream/stream.hpp"

namespace voicecast {

class Push;

/// The owner of a Push. An interface, for its implementer, a group of pushes, is a detail of publisher.cpp. Main
/// thread.
class PushOwner {
 public:
  virtual ~PushOwner() = default;
  /// The push has ended: drop it.
  virtual void on_push_ended(Push& push) = 0;
  /// The push writes to this file.
  virtual void on_file_made(const std::filesystem::path& file) = 0;
  /// Nothing can be written into its directory: `problem` says why. The owner logs that, and calls try_again() when it
  /// can.
  virtual void on_directory_away(const std::string& problem) = 0;
};

/// The totals of all pushes of a group.
struct PushTotals {
  std::uint64_t sent_bytes = 0;  ///< by finished targets
  std::uint64_t dropped_bytes = 0;
  std::uint64_t failures = 0;
  std::string last_error;
};

/// One stream pushed to one target: subscribes to the stream's encoder (or its Opus packets), opens the target, and
/// reopens it after a failure. A file that fails while being written is not reopened; a full one is followed by the
/// next. Main thread.
class Push : private OutletEvents {
 public:
  /// `config`, `totals` and `owner` outlive this object.
  Push(const PublishConfig& config, PushTotals& totals, std::shared_ptr<Stream> stream, MakeTarget make_target,
       PushOwner& owner);
  Push(const Push&) = delete;
  Push& operator=(const Push&) = delete;

  void start();
  /// Continues with another stream on the same connection. False: the URL or format does not allow it.
  bool tune(const std::shared_ptr<Stream>& stream);
  /// Ends the push after its stream: queued audio is still sent, for a limited time. False: nothing is left to send.
  bool finish();

  /// Retries at once after a failure, whose cause may be gone.
  void try_again();

  const std::string& stream_id() const { return stream_id_; }
  bool is_finishing() const { return state_ == PushState::finishing; }
  std::uint64_t sent_bytes() const;
  PushStatus status() const;
  /// The files being written.
  std::vector<std::filesystem::path> files() const;

 private:
  Status take_from(Stream& stream);
  void open();
  std::unique_ptr<Outlet> make_outlet();
  void take(const EncodedFrames& frames);
  void take_joining(const EncodedFrames& frames);
  void feed(Outlet& outlet, const EncodedFrames& frames);
  void begin_next_file();
  void on_place(const Outlet& outlet) override;
  void on_live(const Outlet& outlet) override;
  void on_failed(const Outlet& outlet, const Error& reason) override;
  void on_finished(const Outlet& outlet) override;
  void fail(const Error& reason);
  void wait_for_directory(const std::string& problem);
  void retry();
  void let_go_of_the_stream();
  std::string title() const;
  void log(const std::string& words) const;

  const PublishConfig& config_;
  PushTotals& totals_;
  MakeTarget make_target_;
  PushOwner& owner_;
  std::shared_ptr<Stream> stream_;
  std::string stream_id_, title_;
  PushState state_ = PushState::connecting;
  std::string error_;
  // The source: one of the two, by format.
  std::shared_ptr<Mp3Output> mp3_;
  Mp3Output::Subscription frames_;
  std::shared_ptr<OpusOutput> opus_;
  OpusOutput::Subscription packets_;
  bool has_file_ = false;          ///< a file was created since the target was opened
  std::optional<CleanJoin> join_;  // until the target has the bytes that frames refer to
  Outlets outlets_;
  Backoff backoff_;
  Timer timer_;
};

}  // namespace voicecast
