// SPDX-License-Identifier: MIT
#include "publish/push.hpp"

#include <algorithm>
#include <utility>

#include "base/bytes.hpp"
#include "base/log.hpp"

namespace voicecast {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

/// A connection that held so long was a good one: the next try comes soon.
constexpr auto good_connection = 10s;

/// How long the far end may take for the rest after the stream's end.
constexpr auto finish_limit = 5s;

bool is_same_for_all_streams(const std::string& url) {
  return url.find("{id}") == std::string::npos && url.find("{time}") == std::string::npos;
}

}  // namespace

/// A target and what is known of it.
struct Push::Outlet : TargetEvents {
  explicit Outlet(Push& of) : push(of) {}
  void on_target_at(const std::string& place) override {
    url = place;
    push.on_place(*this);
  }
  void on_target_live() override { push.on_live(*this); }
  void on_target_failed(const Error& reason) override { push.on_failed(*this, reason); }
  void on_target_finished() override { push.on_finished(*this); }

  Push& push;
  std::string url;
  std::uint64_t fed_bytes = 0;
  std::unique_ptr<PublishTarget> target;
};

Push::Push(const PublishConfig& config, PushTotals& totals, std::shared_ptr<Stream> stream, MakeTarget make_target,
           PushOwner& owner)
    : config_(config),
      totals_(totals),
      make_target_(std::move(make_target)),
      owner_(owner),
      stream_(std::move(stream)),
      stream_id_(stream_->id()),
      title_(stream_->name()) {}

Push::~Push() {
  retire();
  for (auto& outlet : retiring_) drop(std::move(outlet));
}

void Push::start() {
  if (const auto taken = take_from(*stream_); !taken) return fail(taken.error());
  open();
}

Status Push::take_from(Stream& stream) {
  if (config_.format == PublishFormat::mp3) {
    auto mp3 = stream.mp3();
    if (!mp3) return mp3.error();
    mp3_ = std::move(*mp3);
    frames_ = mp3_->subscribe([this](const GPtr<GBytes>& frames) { take({frames, std::nullopt}); });
    return success();
  }
  auto opus = stream.opus();
  if (!opus) return opus.error();
  opus_ = std::move(*opus);
  packets_ = opus_->subscribe([this](const EncodedFrames& packet) { take(packet); });
  return success();
}

bool Push::tune(const std::shared_ptr<Stream>& stream) {
  if (config_.format != PublishFormat::mp3 || !is_same_for_all_streams(config_.url)) return false;
  if (state_ == PushState::failed || state_ == PushState::finishing || !take_from(*stream)) return false;
  stream_ = stream;
  stream_id_ = stream->id();
  title_ = stream->name();
  if (outlet_ && state_ == PushState::live) outlet_->target->set_title(title());
  join_.emplace();
  log("goes on with this stream");
  return true;
}

// The target

std::unique_ptr<Push::Outlet> Push::make_outlet() {
  auto outlet = std::make_unique<Outlet>(*this);
  outlet->url = expand_url(config_, stream_id_, std::chrono::system_clock::now());
  auto target = make_target_(config_, outlet->url, is_same_for_all_streams(config_.url) ? "" : title_, *outlet);
  if (!target) {
    fail(target.error());
    return nullptr;
  }
  outlet->target = std::move(*target);
  opened_at_ = Clock::now();
  first_at_.reset();
  if (config_.format == PublishFormat::mp3) join_.emplace();
  return outlet;
}

void Push::open() {
  state_ = PushState::connecting;
  has_file_ = false;
  outlet_ = make_outlet();
}

void Push::drop(std::unique_ptr<Outlet> outlet) {
  if (outlet && outlet->target) totals_.sent_bytes += outlet->target->sent_bytes();
}

/// The targets get to finish, and go when they have.
void Push::retire() {
  for (auto* outlet : {&full_, &outlet_}) {
    if (!*outlet) continue;
    (*outlet)->target->finish();
    retiring_.push_back(std::move(*outlet));
  }
}

void Push::begin_next_file() {
  auto next = make_outlet();
  if (!next) return;
  full_ = std::exchange(outlet_, std::move(next));
  log("goes on in a new file");
  if (join_) return;
  full_->target->finish();
  retiring_.push_back(std::move(full_));
}

bool Push::is_file_full() const {
  if (config_.to != PublishTo::file || full_) return false;
  const bool is_large = config_.max_file_size > 0 && outlet_->fed_bytes >= config_.max_file_size;
  const bool is_long = config_.max_file_duration.count() > 0 && Clock::now() - opened_at_ >= config_.max_file_duration;
  return is_large || is_long;
}

// The frames

void Push::take(const EncodedFrames& frames) {
  if (!outlet_) {
    totals_.dropped_bytes += g_bytes_get_size(frames.bytes.get());
    return;
  }
  if (is_file_full()) begin_next_file();
  if (!outlet_) return;
  if (full_) feed(*full_, frames);
  if (join_) return take_joining(frames);
  if (!frames.at) return feed(*outlet_, frames);
  if (!first_at_) first_at_ = frames.at;
  feed(*outlet_, {frames.bytes, *frames.at - *first_at_});
}

/// The encoder gives one frame or a few at a time; each finds its way in by itself.
void Push::take_joining(const EncodedFrames& frames) {
  auto rest = text_of(frames.bytes.get());
  while (!rest.empty()) {
    const auto header = parse_mp3_header(rest);
    const auto size = header ? std::min(header->frame_bytes, rest.size()) : rest.size();
    const auto frame = rest.substr(0, size);
    feed(*outlet_, {bytes_of(join_ ? join_->pass(frame) : std::string(frame)), std::nullopt});
    if (join_ && join_->is_done()) join_.reset();
    rest.remove_prefix(size);
  }
  if (join_ || !full_) return;
  full_->target->finish();
  retiring_.push_back(std::move(full_));
}

void Push::feed(Outlet& outlet, const EncodedFrames& frames) {
  const auto size = g_bytes_get_size(frames.bytes.get());
  if (size == 0) return;  // GStreamer 1.22 makes no buffer of it, or one that kills
  if (outlet.target->feed(frames)) {
    outlet.fed_bytes += size;
    return;
  }
  totals_.dropped_bytes += size;
  if (config_.format == PublishFormat::mp3) join_.emplace();
}

// What the target says

void Push::on_place(const Outlet& outlet) {
  if (config_.to != PublishTo::file) return;
  has_file_ = true;
  owner_.on_file_made(file_of(outlet.url));
}

/// A radio server has a mount to name only now.
void Push::on_live(const Outlet& outlet) {
  if (&outlet != outlet_.get() || state_ == PushState::finishing) return;
  live_since_ = Clock::now();
  outlet_->target->set_title(title());
  if (std::exchange(state_, PushState::live) == PushState::live) return;
  error_.clear();
  log("goes out");
}

void Push::on_failed(const Outlet& outlet, const Error& reason) {
  const auto at = std::ranges::find(retiring_, &outlet, [](const auto& other) { return other.get(); });
  if (at != retiring_.end() || &outlet == full_.get()) {
    ++totals_.failures;
    error_ = totals_.last_error = reason.message;
    log("the end is lost: " + reason.message);
    return on_finished(outlet);
  }
  if (!outlet_->target->is_resumable()) drop(std::move(outlet_));
  fail(reason);
}

void Push::fail(const Error& reason) {
  if (config_.to == PublishTo::file) {
    let_go_of_the_stream();
    retire();
    if (reason.code == ErrorCode::not_found) return wait_for_directory(reason.message);
  }
  ++totals_.failures;
  error_ = totals_.last_error = reason.message;
  if (has_file_) {
    state_ = PushState::failed;
    return log("the recording ends: " + reason.message);
  }
  if (state_ == PushState::live && Clock::now() - live_since_ > good_connection) backoff_.reset();
  state_ = PushState::waiting;
  const auto delay = backoff_.next();
  log("fails: " + reason.message + "; the next try is in " + std::to_string(delay.count() / 1000) + " s");
  timer_ = after(delay, [this] { retry(); });
}

/// One directory serves all streams of a group, so its owner counts and logs that it is away, once for all of them.
void Push::wait_for_directory(const std::string& problem) {
  error_ = file_of(config_.url).parent_path().string() + ": " + problem;
  state_ = PushState::waiting;
  owner_.on_directory_away(problem);
}

void Push::retry() {
  state_ = PushState::connecting;
  if (outlet_ && outlet_->target->resume()) return;
  if (!mp3_ && !opus_) return start();
  open();
}

void Push::try_again() {
  if (state_ != PushState::waiting && state_ != PushState::failed) return;
  timer_.reset();
  retry();
}

void Push::let_go_of_the_stream() {
  frames_.reset();
  mp3_.reset();
  packets_.reset();
  opus_.reset();
}

bool Push::finish() {
  stream_.reset();
  let_go_of_the_stream();
  if (state_ == PushState::waiting && outlet_) outlet_->target->resume();
  state_ = PushState::finishing;
  retire();
  timer_ = after(finish_limit, [this] {
    log("the far end did not take the rest in time");
    owner_.on_push_ended(*this);
  });
  return !retiring_.empty();
}

void Push::on_finished(const Outlet& outlet) {
  if (&outlet == full_.get()) return drop(std::move(full_));
  const auto at = std::ranges::find(retiring_, &outlet, [](const auto& other) { return other.get(); });
  if (at == retiring_.end()) return;
  drop(std::move(*at));
  retiring_.erase(at);
  if (is_finishing() && retiring_.empty()) owner_.on_push_ended(*this);
}

// What is told

std::string Push::title() const { return title_.empty() ? "voicecast" : title_; }

std::uint64_t Push::sent_bytes() const {
  std::uint64_t sum = 0;
  for (const auto* outlet : {&full_, &outlet_})
    if (*outlet) sum += (*outlet)->target->sent_bytes();
  for (const auto& outlet : retiring_) sum += outlet->target->sent_bytes();
  return sum;
}

PushStatus Push::status() const {
  const auto& url = outlet_ ? outlet_->url : retiring_.empty() ? config_.url : retiring_.back()->url;
  return {stream_id_, shown_url(url), state_, sent_bytes(), error_};
}

std::vector<std::filesystem::path> Push::files() const {
  std::vector<std::filesystem::path> all;
  if (config_.to != PublishTo::file) return all;
  for (const auto* outlet : {&full_, &outlet_})
    if (*outlet) all.push_back(file_of((*outlet)->url));
  for (const auto& outlet : retiring_) all.push_back(file_of(outlet->url));
  return all;
}

void Push::log(const std::string& words) const {
  const auto line = "publish." + config_.name + ": " + shown_url(status().url) + ": " + words;
  error_.empty() ? log_info(line, {{"VOICECAST_STREAM", stream_id_}})
                 : log_warning(line, {{"VOICECAST_STREAM", stream_id_}});
}

}  // namespace voicecast
