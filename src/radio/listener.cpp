// SPDX-License-Identifier: MIT
#include "radio/listener.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "base/bytes.hpp"
#include "base/main_loop.hpp"

namespace voicecast {
namespace {

/// Frames copied at a time for a listener that cannot be sent the shared ones.
constexpr std::size_t copied_at_once = 16;

/// Half a second of MP3 (TCP_NOTSENT_LOWAT: bytes in flight do not count). Without this limit the kernel buffers
/// minutes of audio for a client that does not read, and its lag is unknown.
constexpr int max_unsent_bytes = 8192;

/// Bytes from a listener that are read at a time, before the main loop runs on.
constexpr std::size_t discarded_at_once = 4096;

}  // namespace

std::shared_ptr<Listener> Listener::start(std::shared_ptr<Transport> transport, std::string head,
                                          const ListenerTerms& terms, Poller& poller, ListenerCounters& counters,
                                          std::function<void(const std::shared_ptr<Listener>&)> on_gone) {
  return std::shared_ptr<Listener>(
      new Listener(std::move(transport), std::move(head), terms, poller, counters, std::move(on_gone)));
}

Listener::Listener(std::shared_ptr<Transport> transport, std::string head, const ListenerTerms& terms, Poller& poller,
                   ListenerCounters& counters, std::function<void(const std::shared_ptr<Listener>&)> on_gone)
    : transport_(std::move(transport)),
      terms_(terms),
      poller_(poller),
      counters_(counters),
      on_gone_(std::move(on_gone)),
      own_(std::move(head)),
      last_progress_(std::chrono::steady_clock::now()) {
  transport_->limit_unsent_bytes(max_unsent_bytes);
  poller_.add(transport_->fd(), *this);
}

Listener::~Listener() { poller_.remove(transport_->fd()); }

void Listener::tune(std::shared_ptr<const FrameRing> ring, const Entry& entry) {
  ring_ = std::move(ring);
  next_ = entry.number;
  live_from_ = ring_->end();
  silent_frames_ = entry.silent_frames;
  needs_clean_join_ = entry.needs_clean_join;
  join_ = needs_clean_join_ ? std::make_unique<CleanJoin>() : nullptr;
}

std::chrono::milliseconds Listener::lag() const {
  if (!ring_) return {};
  const auto frames = static_cast<std::int64_t>(ring_->end() - std::max(next_, live_from_));
  return std::chrono::duration_cast<std::chrono::milliseconds>(frames * ring_->frame_duration());
}

bool Listener::has_more() const { return !own_.empty() || silent_frames_ > 0 || (ring_ && next_ < ring_->end()); }

/// Whether the next frames differ from the shared ones, or the transport (TLS) cannot send them in place.
bool Listener::needs_a_copy() const { return !transport_->is_plain() || icy_ || join_ || silent_frames_ > 0; }

void Listener::pump() {
  if (is_gone_) return;
  keep_up();
  while (!is_blocked_ && !is_gone_ && has_more()) send_some();
  if (is_finishing_ && !has_more()) leave();
}

void Listener::finish() {
  is_finishing_ = true;
  pump();
}

void Listener::keep_up() {
  if (is_blocked_ && std::chrono::steady_clock::now() - last_progress_ > terms_.stalled_limit) {
    ++counters_.stalled;
    return leave();
  }
  if (ring_ && !is_finishing_ && (next_ < ring_->begin() || lag() > terms_.max_lag)) skip_to_live();
}

void Listener::skip_to_live() {
  ++counters_.skips;
  counters_.skipped_frames += ring_->end() - next_;
  tune(ring_, {ring_->end(), 0, needs_clean_join_});
}

/// Inserts metadata here and not earlier: skipped frames must not count towards the interval.
void Listener::take_in(std::string_view frame) { own_ += icy_ ? icy_->weave(frame) : std::string(frame); }

void Listener::copy_some() {
  for (std::size_t i = 0; i < copied_at_once; ++i) {
    if (silent_frames_ > 0) {
      --silent_frames_;
      take_in(terms_.silent_frame);
    } else if (ring_ && next_ < ring_->end()) {
      const auto frame = text_of(ring_->at(next_++).get());
      take_in(join_ ? join_->pass(frame) : frame);
      if (join_ && join_->is_done()) join_.reset();
    }
  }
}

void Listener::send_some() {
  if (needs_a_copy() && own_.size() == own_sent_) copy_some();
  std::array<std::string_view, Transport::max_pieces> pieces;
  std::size_t count = 0;
  if (!own_.empty()) pieces[count++] = std::string_view(own_).substr(own_sent_);
  if (ring_ && !needs_a_copy())
    for (auto number = next_; number < ring_->end() && count < pieces.size(); ++number)
      pieces[count++] = text_of(ring_->at(number).get());
  const auto sent = transport_->write(std::span(pieces).first(count));
  if (!sent) return leave();
  is_blocked_ = *sent == 0;
  if (is_blocked_) return;
  counters_.bytes_sent += *sent;
  last_progress_ = std::chrono::steady_clock::now();
  advance(*sent);
}

/// Copies the rest of a partly sent frame to own_: the ring may drop the frame.
void Listener::advance(std::size_t sent) {
  const auto own = std::min(sent, own_.size() - own_sent_);
  own_sent_ += own;
  sent -= own;
  if (own_sent_ < own_.size()) return;
  std::string().swap(own_);
  own_sent_ = 0;
  while (sent > 0) {
    const auto frame = text_of(ring_->at(next_++).get());
    own_ = frame.substr(std::min(sent, frame.size()));
    sent -= std::min(sent, frame.size());
  }
}

void Listener::on_writable() {
  is_blocked_ = false;
  pump();
}

/// Discards whatever a listener sends after its request; end of file means that it has left.
void Listener::on_readable() {
  if (is_gone_) return;
  std::array<char, discarded_at_once> discarded;
  const auto count = transport_->read(discarded);
  if (!count) return;
  if (*count == 0) return leave();
  // The poller is edge-triggered: it does not report the remaining bytes again.
  post([self = weak_from_this()] {
    if (const auto listener = self.lock()) listener->on_readable();
  });
}

void Listener::leave() {
  if (std::exchange(is_gone_, true)) return;
  post([self = weak_from_this()] {
    if (const auto listener = self.lock()) listener->on_gone_(listener);
  });
}

}  // namespace voicecast
