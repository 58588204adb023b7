// SPDX-License-Identifier: MIT
#include "publish/directory_watch.hpp"

#include <utility>

#include "publish/recordings.hpp"

namespace voicecast {
namespace {

/// The time until a disk that was plugged in is used.
constexpr std::chrono::seconds interval{5};

}  // namespace

struct DirectoryWatch::State {
  std::filesystem::path directory;
  OnChange on_change;  ///< empty: the watch is gone
  std::string problem;
  bool is_looking = false;  ///< a disk that hangs is asked once

  void note(const std::string& found) {
    if (std::exchange(problem, found) != found && on_change) on_change(found);
  }
};

DirectoryWatch::DirectoryWatch(std::filesystem::path directory, OnChange on_change)
    : state_(std::make_shared<State>(State{std::move(directory), std::move(on_change), {}, false})) {
  look(state_, queue_);
  timer_ = every(interval, [this] {
    look(state_, queue_);
    return true;
  });
}

DirectoryWatch::~DirectoryWatch() { state_->on_change = {}; }

void DirectoryWatch::note(const std::string& problem) { state_->note(problem); }

void DirectoryWatch::look(const std::shared_ptr<State>& state, BackgroundQueue& queue) {
  if (std::exchange(state->is_looking, true)) return;
  queue.run([state, directory = state->directory] {
    post([state, problem = why_not_recordable(directory)] {
      state->is_looking = false;
      state->note(problem);
    });
  });
}

}  // namespace voicecast
