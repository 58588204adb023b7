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

/// The time for the target to accept the rest after the stream's end.
constexpr auto finish_limit = 5s;

bool is_same_for_all_streams(const std::string& url) {
  return url.find("{id}") == std::string::npos && url.find("{time}") == std::string::npos;
}

}  // namespace

Push::Push(const PublishConfig& config, PushTotals& totals, std::shared_ptr<Stream> stream, MakeTarget make_target,
           PushOwner& owner)
    : config_(config),
      totals_(totals),
      make_target_(std::move(make_target)),
      owner_(owner),
      stream_(std::move(stream)),
      stream_id_(stream_->id()),
      title_(stream_->name()),
      outlets_(totals.sent_bytes) {}

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
  if (outlets_.current() && state_ == PushState::live) outlets_.current()->target().set_title(title());
  join_.emplace();
  log("continues with this stream");
  return true;
}

// The target

std::unique_ptr<Outlet> Push::make_outlet() {
  const bool is_file = config_.to == PublishTo::file;
  const auto limit = is_file ? FileLimit(config_.max_file_size, config_.max_file_duration, Clock::now()) : FileLimit();
  auto outlet = std::make_unique<Outlet>(expand_url(config_, stream_id_, std::chrono::system_clock::now()), limit,
                                         static_cast<OutletEvents&>(*this));
  const auto title = is_same_for_all_streams(config_.url) ? "" : title_;
  if (const auto opened = outlet->open(make_target_, config_, title); !opened) {
    fail(opened.error());
    return nullptr;
  }
  if (config_.format == PublishFormat::mp3) join_.emplace();
  return outlet;
}

void Push::open() {
  state_ = PushState::connecting;
  has_file_ = false;
  outlets_.drop_current();
  if (auto outlet = make_outlet()) outlets_.open(std::move(outlet));
}

void Push::begin_next_file() {
  auto next = make_outlet();
  if (!next) return;
  outlets_.begin_next(std::move(next));
  log("continues in a new file");
  if (!join_) outlets_.finish_full();
}

// The frames

void Push::take(const EncodedFrames& frames) {
  if (outlets_.is_file_full(Clock::now())) begin_next_file();
  if (!outlets_.current()) {
    totals_.dropped_bytes += g_bytes_get_size(frames.bytes.get());
    return;
  }
  if (outlets_.full()) feed(*outlets_.full(), frames);
  if (join_) return take_joining(frames);
  feed(*outlets_.current(), frames);
}

/// Splits the encoder's output into frames: each joins by itself.
void Push::take_joining(const EncodedFrames& frames) {
  auto rest = text_of(frames.bytes.get());
  while (!rest.empty()) {
    const auto header = parse_mp3_header(rest);
    const auto size = header ? std::min(header->frame_bytes, rest.size()) : rest.size();
    const auto frame = rest.substr(0, size);
    feed(*outlets_.current(), {bytes_of(join_ ? join_->pass(frame) : std::string(frame)), std::nullopt});
    if (join_ && join_->is_done()) join_.reset();
    rest.remove_prefix(size);
  }
  if (!join_) outlets_.finish_full();
}

void Push::feed(Outlet& outlet, const EncodedFrames& frames) {
  const auto size = g_bytes_get_size(frames.bytes.get());
  if (size == 0) return;  // GStreamer 1.22 makes no buffer of zero bytes, or one that crashes
  if (outlet.feed(frames)) return;
  totals_.dropped_bytes += size;
  if (config_.format == PublishFormat::mp3) join_.emplace();
}

// Events of the target

void Push::on_place(const Outlet& outlet) {
  if (config_.to != PublishTo::file) return;
  has_file_ = true;
  owner_.on_file_made(file_of(outlet.url()));
}

/// Sets the title here: a radio server has no mount before.
void Push::on_live(const Outlet& outlet) {
  if (&outlet != outlets_.current() || state_ == PushState::finishing) return;
  backoff_.on_connected(Clock::now());
  outlets_.current()->target().set_title(title());
  if (std::exchange(state_, PushState::live) == PushState::live) return;
  error_.clear();
  log(config_.to == PublishTo::file ? "recording" : "connected");
}

void Push::on_failed(const Outlet& outlet, const Error& reason) {
  if (outlets_.is_leaving(outlet)) {
    ++totals_.failures;
    error_ = totals_.last_error = reason.message;
    log("tail lost: " + reason.message);
    return on_finished(outlet);
  }
  if (!outlets_.current()->target().is_resumable()) outlets_.drop_current();
  fail(reason);
}

void Push::fail(const Error& reason) {
  if (config_.to == PublishTo::file) {
    let_go_of_the_stream();
    outlets_.finish_all();
    if (reason.code == ErrorCode::not_found) return wait_for_directory(reason.message);
  }
  ++totals_.failures;
  error_ = totals_.last_error = reason.message;
  if (has_file_) {
    state_ = PushState::failed;
    return log("recording ended: " + reason.message);
  }
  state_ = PushState::waiting;
  const auto delay = backoff_.next(Clock::now());
  log("failed: " + reason.message + "; retrying in " + std::to_string(delay.count() / 1000) + " s");
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
  if (outlets_.current() && outlets_.current()->target().resume()) return;
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
  if (state_ == PushState::waiting && outlets_.current()) outlets_.current()->target().resume();
  state_ = PushState::finishing;
  outlets_.finish_all();
  timer_ = after(finish_limit, [this] {
    log("tail lost: the target did not accept it in time");
    owner_.on_push_ended(*this);
  });
  return !outlets_.has_finished();
}

void Push::on_finished(const Outlet& outlet) {
  if (outlets_.remove(outlet) && is_finishing() && outlets_.has_finished()) owner_.on_push_ended(*this);
}

// Status and log

std::string Push::title() const { return title_.empty() ? "voicecast" : title_; }

std::uint64_t Push::sent_bytes() const { return outlets_.sent_bytes(); }

PushStatus Push::status() const {
  const auto urls = outlets_.urls();
  return {stream_id_, shown_url(urls.empty() ? config_.url : urls.back()), state_, sent_bytes(), error_};
}

std::vector<std::filesystem::path> Push::files() const {
  std::vector<std::filesystem::path> all;
  if (config_.to != PublishTo::file) return all;
  for (const auto& url : outlets_.urls()) all.push_back(file_of(url));
  return all;
}

void Push::log(const std::string& words) const {
  const auto line = "publish." + config_.name + ": " + shown_url(status().url) + ": " + words;
  if (error_.empty())
    log_info(line, {{"VOICECAST_STREAM", stream_id_}});
  else
    log_warning(line, {{"VOICECAST_STREAM", stream_id_}});
}

}  // namespace voicecast
