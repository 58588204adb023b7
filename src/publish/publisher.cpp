// SPDX-License-Identifier: MIT
#include "publish/publisher.hpp"

#include <algorithm>
#include <functional>
#include <optional>
#include <utility>

#include "base/log.hpp"
#include "publish/directory_watch.hpp"
#include "publish/recordings.hpp"

namespace voicecast {
namespace {

using namespace std::chrono_literals;

/// The interval of the search for old recordings: a file grows by 1 MB meanwhile.
constexpr std::chrono::minutes tidy_interval{1};

/// Deletes recordings. Blocks on the file system.
void remove_surplus(const PublishConfig& config, const std::vector<std::filesystem::path>& in_use, const Ages& ages) {
  for (const auto& old : surplus(config, find_recordings(config), in_use, ages, std::chrono::system_clock::now())) {
    std::error_code problem;
    std::filesystem::remove(old.path, problem);
    const auto words = "publish." + config.name + ": " + old.path.string() + ": ";
    if (problem)
      log_warning(words + "cannot be deleted: " + problem.message());
    else
      log_info(words + "deleted");
  }
}

}  // namespace

/// A group [publish.NAME] and its pushes.
class Publisher::Group : private PushOwner {
 public:
  /// `on_empty` is called when the last push has ended.
  Group(StreamRegistry& registry, WrittenFiles& written, PublishConfig config, MakeTarget make_target,
        std::function<void()> on_empty)
      : registry_(registry),
        written_(written),
        config_(std::move(config)),
        make_target_(std::move(make_target)),
        on_empty_(std::move(on_empty)) {}

  const PublishConfig& config() const { return config_; }

  /// Starts with the live streams; until then it ignores streams.
  void start() {
    has_started_ = true;
    if (config_.to == PublishTo::file) watch_directory(file_of(config_.url).parent_path());
    for (const auto& stream : registry_.live()) on_available(stream);
  }
  bool has_started() const { return has_started_; }

  void on_available(const std::shared_ptr<Stream>& stream) {
    if (!has_started_) return;
    if (config_.stream == "latest")
      follow(stream);
    else if (config_.stream == "all" || config_.stream == stream->id())
      begin(stream);
  }

  void on_ended(const std::string& id) {
    for (auto& push : pushes_)
      if (push->stream_id() == id && !push->is_finishing()) return on_ended(*push);
  }

  void finish_all() {
    waiting_.clear();
    for (std::size_t i = pushes_.size(); i > 0; --i)
      if (!pushes_[i - 1]->is_finishing()) finish(*pushes_[i - 1]);
  }

  bool is_empty() const { return pushes_.empty(); }

  bool wants_tidying() const { return config_.max_total_size > 0 || config_.max_age.count() > 0; }
  void tidy() {
    std::vector<std::filesystem::path> in_use;
    for (const auto& push : pushes_)
      for (auto& file : push->files()) in_use.push_back(std::move(file));
    for (const auto& file : in_use) written_.note(file);
    disk_.run([config = config_, in_use = std::move(in_use), ages = written_.ages()] {
      remove_surplus(config, in_use, ages);
    });
  }

  PublisherStatus status() const {
    PublisherStatus status{config_.name, config_.stream, shown_url(config_.url)};
    status.sent_bytes = totals_.sent_bytes;
    status.dropped_bytes = totals_.dropped_bytes;
    status.failures = totals_.failures;
    status.last_error = totals_.last_error;
    status.error = error_;
    for (const auto& push : pushes_) {
      status.sent_bytes += push->sent_bytes();
      status.pushes.push_back(push->status());
    }
    return status;
  }

 private:
  void watch_directory(const std::filesystem::path& directory) {
    directory_.emplace(directory, [this, directory](const std::string& problem) {
      error_ = problem.empty() ? "" : directory.string() + ": " + problem;
      const auto words = "publish." + config_.name + ": " + directory.string() + ": ";
      if (!problem.empty()) {
        ++totals_.failures;
        totals_.last_error = error_;
        return log_warning(words + problem + "; recording starts once the directory exists and is writable");
      }
      log_info(words + "writable now");
      for (const auto& push : pushes_) push->try_again();
    });
  }

  /// The newest stream replaces its predecessor.
  void follow(const std::shared_ptr<Stream>& stream) {
    const auto at = std::ranges::find_if(pushes_, [](const auto& push) { return !push->is_finishing(); });
    if (at != pushes_.end() && (*at)->tune(stream)) return;
    if (at != pushes_.end()) finish(**at);
    begin(stream);
  }

  void on_ended(Push& push) {
    const auto next = config_.stream == "latest" ? registry_.newest() : nullptr;
    if (next && push.tune(next)) return;
    finish(push);
    if (next) begin(next);
  }

  /// Waits while its predecessor is finishing: a mount of Icecast has one source.
  void begin(const std::shared_ptr<Stream>& stream) {
    const auto url = [&](const std::string& id) { return expand_url(config_, id, {}); };
    const bool is_always_new = config_.url.find("{time}") != std::string::npos;
    if (!is_always_new &&
        std::ranges::any_of(pushes_, [&](const auto& push) { return url(push->stream_id()) == url(stream->id()); })) {
      waiting_ = stream->id();
      return;
    }
    pushes_.push_back(std::make_unique<Push>(config_, totals_, stream, make_target_, static_cast<PushOwner&>(*this)));
    pushes_.back()->start();
  }

  void finish(Push& push) {
    if (!push.finish()) on_push_ended(push);
  }

  void on_file_made(const std::filesystem::path& file) override { written_.note(file); }

  void on_directory_away(const std::string& problem) override { directory_->note(problem); }

  void on_push_ended(Push& push) override {
    std::erase_if(pushes_, [&](const auto& other) { return other.get() == &push; });
    const auto waiting = registry_.find(std::exchange(waiting_, {}));
    if (waiting) begin(waiting);
    if (is_empty()) on_empty_();
  }

  StreamRegistry& registry_;
  WrittenFiles& written_;
  const PublishConfig config_;
  MakeTarget make_target_;
  std::function<void()> on_empty_;
  bool has_started_ = false;
  PushTotals totals_;
  std::vector<std::unique_ptr<Push>> pushes_;
  std::optional<DirectoryWatch> directory_;
  std::string error_;    // why the directory is not writable
  std::string waiting_;  // the id of a stream that waits for its predecessor
  BackgroundQueue disk_;
};

Publisher::Publisher(StreamRegistry& registry, std::vector<PublishConfig> configs, MakeTarget make_target)
    : registry_(registry), make_target_(std::move(make_target)) {
  change(std::move(configs));
}

Publisher::~Publisher() = default;

std::unique_ptr<Publisher::Group> Publisher::make_group(PublishConfig config) {
  // Deferred: the group is inside its own method.
  const auto on_empty = [this] { on_retired_ = after(0ms, [this] { begin_in_free_places(); }); };
  return std::make_unique<Group>(registry_, written_, std::move(config), make_target_, on_empty);
}

void Publisher::change(std::vector<PublishConfig> configs) {
  auto before = std::exchange(groups_, {});
  for (auto& config : configs) {
    const auto same =
        std::ranges::find_if(before, [&](const auto& group) { return group && group->config() == config; });
    groups_.push_back(same == before.end() ? make_group(std::move(config)) : std::move(*same));
  }
  for (auto& group : before)
    if (group) retire(std::move(group));
  begin_in_free_places();
  keep_tidy();
}

void Publisher::retire(std::unique_ptr<Group> group) {
  retiring_.push_back(std::move(group));
  retiring_.back()->finish_all();
}

void Publisher::begin_in_free_places() {
  std::erase_if(retiring_, [](const auto& group) { return group->is_empty(); });
  for (const auto& group : groups_) {
    const auto is_taken =
        std::ranges::any_of(retiring_, [&](const auto& old) { return old->config().name == group->config().name; });
    if (!group->has_started() && !is_taken) group->start();
  }
}

void Publisher::keep_tidy() {
  tidying_.reset();
  if (std::ranges::none_of(groups_, [](const auto& group) { return group->wants_tidying(); })) return;
  const auto tidy = [this] {
    for (const auto& group : groups_)
      if (group->wants_tidying()) group->tidy();
    return true;
  };
  tidy();
  tidying_ = every(tidy_interval, tidy);
}

void Publisher::on_stream_available(const std::string& id) {
  const auto stream = registry_.find(id);
  for (const auto& group : groups_) group->on_available(stream);
}

void Publisher::on_stream_ended(const std::string& id) {
  for (const auto& group : groups_) group->on_ended(id);
}

void Publisher::finish_all() {
  for (const auto& group : groups_) group->finish_all();
}

bool Publisher::is_empty() const {
  const auto is_done = [](const auto& group) { return group->is_empty(); };
  return std::ranges::all_of(groups_, is_done) && std::ranges::all_of(retiring_, is_done);
}

std::vector<PublisherStatus> Publisher::status() const {
  std::vector<PublisherStatus> all;
  for (const auto& group : groups_) all.push_back(group->status());
  return all;
}

}  // namespace voicecast
