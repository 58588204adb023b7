#include "media/publisher.hpp"

#include <algorithm>
#include <utility>

#include "glib/log.hpp"
#include "media/recordings.hpp"

namespace voicecast {
namespace {

/// How often old recordings are looked for. By then a file has grown by 1 MB.
constexpr std::chrono::minutes tidy_interval{1};

/// Blocks.
void remove_surplus(const PublishConfig& config, const std::vector<std::filesystem::path>& in_use) {
  for (const auto& old : surplus(config, find_recordings(config), in_use, std::chrono::system_clock::now())) {
    std::error_code problem;
    std::filesystem::remove(old.path, problem);
    const auto words = "publish." + config.name + ": " + old.path.string() + ": ";
    problem ? log_warning(words + "cannot be deleted: " + problem.message()) : log_info(words + "is deleted");
  }
}

}  // namespace

/// A [publish.NAME] group and what is being pushed for it.
class Publisher::Group : private PushOwner {
 public:
  Group(StreamRegistry& registry, PublishConfig config, MakeTarget make_target)
      : registry_(registry), config_(std::move(config)), make_target_(std::move(make_target)) {}

  void on_available(const std::shared_ptr<Stream>& stream) {
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
    disk_.run([config = config_, in_use = std::move(in_use)] { remove_surplus(config, in_use); });
  }

  PublisherStatus status() const {
    PublisherStatus status{config_.name, config_.stream, shown_url(config_.url)};
    status.sent_bytes = totals_.sent_bytes;
    status.dropped_bytes = totals_.dropped_bytes;
    status.failures = totals_.failures;
    status.last_error = totals_.last_error;
    for (const auto& push : pushes_) {
      status.sent_bytes += push->sent_bytes();
      status.pushes.push_back(push->status());
    }
    return status;
  }

 private:
  /// The newest stream takes the place of the one before it.
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

  /// Where the one before is still saying goodbye, its place is taken: a mount of Icecast has one source.
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

  void on_push_ended(Push& push) override {
    std::erase_if(pushes_, [&](const auto& other) { return other.get() == &push; });
    const auto waiting = registry_.find(std::exchange(waiting_, {}));
    if (waiting) begin(waiting);
  }

  StreamRegistry& registry_;
  const PublishConfig config_;
  MakeTarget make_target_;
  PushTotals totals_;
  std::vector<std::unique_ptr<Push>> pushes_;
  std::string waiting_;  // the id of a stream whose place is not free yet
  BackgroundQueue disk_;
};

Publisher::Publisher(StreamRegistry& registry, std::vector<PublishConfig> configs, MakeTarget make_target)
    : registry_(registry) {
  for (auto& config : configs) groups_.push_back(std::make_unique<Group>(registry, std::move(config), make_target));
  if (std::ranges::none_of(groups_, [](const auto& group) { return group->wants_tidying(); })) return;
  const auto tidy = [this] {
    for (const auto& group : groups_)
      if (group->wants_tidying()) group->tidy();
    return true;
  };
  tidy();
  tidying_ = every(tidy_interval, tidy);
}

Publisher::~Publisher() = default;

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
  return std::ranges::all_of(groups_, [](const auto& group) { return group->is_empty(); });
}

std::vector<PublisherStatus> Publisher::status() const {
  std::vector<PublisherStatus> all;
  for (const auto& group : groups_) all.push_back(group->status());
  return all;
}

}  // namespace voicecast
