// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "publish/publish_target.hpp"

namespace voicecast {

/// When a file is full, by its size or its age; 0: no limit. Pure.
class FileLimit {
 public:
  using Time = std::chrono::steady_clock::time_point;

  /// Of a target that is no file: never full.
  FileLimit() = default;
  FileLimit(std::uint64_t max_bytes, std::chrono::seconds max_age, Time begin)
      : max_bytes_(max_bytes), max_age_(max_age), begin_(begin) {}
  void add(std::uint64_t bytes) { bytes_ += bytes; }
  bool is_reached(Time now) const {
    return (max_bytes_ > 0 && bytes_ >= max_bytes_) || (max_age_.count() > 0 && now - begin_ >= max_age_);
  }

 private:
  std::uint64_t max_bytes_ = 0, bytes_ = 0;
  std::chrono::seconds max_age_{0};
  Time begin_;
};

class Outlet;

/// What the outlets of a push tell it, as their targets tell them (see TargetEvents).
class OutletEvents {
 public:
  virtual ~OutletEvents() = default;
  virtual void on_place(const Outlet& outlet) = 0;
  virtual void on_live(const Outlet& outlet) = 0;
  virtual void on_failed(const Outlet& outlet, const Error& reason) = 0;
  virtual void on_finished(const Outlet& outlet) = 0;
};

/// A target and what is known of it. Main thread.
class Outlet : private TargetEvents {
 public:
  /// `events` outlives it.
  Outlet(std::string url, FileLimit limit, OutletEvents& events)
      : url_(std::move(url)), limit_(limit), events_(events) {}
  Outlet(const Outlet&) = delete;

  /// Makes the target; before anything else.
  Status open(const MakeTarget& make, const PublishConfig& config, const std::string& title);
  /// `frames` are not empty. Their time is counted from the first ones that the target gets. False: it has no room.
  bool feed(const EncodedFrames& frames);
  bool is_full(FileLimit::Time now) const { return limit_.is_reached(now); }
  PublishTarget& target() const { return *target_; }
  const std::string& url() const { return url_; }

 private:
  void on_target_at(const std::string& url) override;
  void on_target_live() override { events_.on_live(*this); }
  void on_target_failed(const Error& reason) override { events_.on_failed(*this, reason); }
  void on_target_finished() override { events_.on_finished(*this); }

  std::string url_;
  FileLimit limit_;
  OutletEvents& events_;
  std::optional<std::chrono::nanoseconds> first_at_;
  std::unique_ptr<PublishTarget> target_;
};

/// All outlets of a push: the current one; the full file before it, which is fed until the current one can be decoded
/// by itself; and those that finish what they have. Main thread.
class Outlets {
 public:
  /// `sent_bytes`, which outlives it, grows by those of outlets that are gone.
  explicit Outlets(std::uint64_t& sent_bytes) : gone_bytes_(sent_bytes) {}
  Outlets(const Outlets&) = delete;
  ~Outlets();

  /// Null: nothing is open.
  Outlet* current() const { return current_.get(); }
  Outlet* full() const { return full_.get(); }
  /// There is no current one.
  void open(std::unique_ptr<Outlet> outlet) { current_ = std::move(outlet); }
  void drop_current() { drop(std::move(current_)); }
  /// Whether the next file is to begin: not while there is a full one.
  bool is_file_full(FileLimit::Time now) const { return current_ && !full_ && current_->is_full(now); }
  /// The current file is full.
  void begin_next(std::unique_ptr<Outlet> next);
  void finish_full() { finish(std::move(full_)); }
  void finish_all();

  /// Whether the outlet is the full one or finishing: its failure loses only its tail, and does not affect the
  /// current one.
  bool is_leaving(const Outlet& outlet) const;
  /// Drops an outlet that is leaving. False: it is not leaving.
  bool remove(const Outlet& outlet);
  bool has_finished() const { return finishing_.empty(); }

  std::uint64_t sent_bytes() const;
  /// From the oldest to the newest, the current one at the end.
  std::vector<std::string> urls() const;

 private:
  void finish(std::unique_ptr<Outlet> outlet);
  void drop(std::unique_ptr<Outlet> outlet);

  std::uint64_t& gone_bytes_;
  std::unique_ptr<Outlet> current_, full_;
  std::vector<std::unique_ptr<Outlet>> finishing_;
};

}  // namespace voicecast
