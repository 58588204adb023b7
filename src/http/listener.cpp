#include "http/listener.hpp"

#include <gio/gio.h>

#include <utility>

#include "glib/result.hpp"

namespace voicecast {
namespace {

using namespace std::chrono_literals;

/// A connection that takes nothing for so long is dead: radio servers wait 10 to 60 s.
constexpr auto stalled_limit = 30s;

/// Calls `f` when the stream is ready, until it returns false or the source is dropped.
template <class Stream, class F>
GUnique<GSource> on_ready(GSource* source, F f) {
  auto callback = [](Stream*, gpointer p) noexcept -> gboolean { return (*static_cast<F*>(p))(); };
  g_source_set_callback(source, G_SOURCE_FUNC(+callback), new F(std::move(f)),
                        [](gpointer p) { delete static_cast<F*>(p); });
  g_source_attach(source, nullptr);
  return GUnique<GSource>(source);
}

}  // namespace

std::shared_ptr<Listener> Listener::start(GPtr<GIOStream> connection, GPtr<GBytes> head, std::size_t max_lag_bytes,
                                          std::function<void(const std::shared_ptr<Listener>&)> on_gone) {
  std::shared_ptr<Listener> listener(new Listener(std::move(connection), max_lag_bytes, std::move(on_gone)));
  auto* input = G_POLLABLE_INPUT_STREAM(g_io_stream_get_input_stream(listener->connection_.get()));
  listener->readable_ = on_ready<GPollableInputStream>(g_pollable_input_stream_create_source(input, nullptr),
                                                       [self = listener.get()] { return self->read_and_discard(); });
  listener->current_ = std::move(head);
  listener->flush();
  return listener;
}

Listener::Listener(GPtr<GIOStream> connection, std::size_t max_lag_bytes,
                   std::function<void(const std::shared_ptr<Listener>&)> on_gone)
    : connection_(std::move(connection)),
      max_lag_bytes_(max_lag_bytes),
      on_gone_(std::move(on_gone)),
      last_progress_(std::chrono::steady_clock::now()) {}

Listener::~Listener() {
  // In the background of GIO, for TLS says goodbye first.
  g_io_stream_close_async(connection_.get(), G_PRIORITY_DEFAULT, nullptr, nullptr, nullptr);
}

void Listener::send(const GPtr<GBytes>& frames) {
  if (is_gone_ || is_finishing_) return;
  if (waiting_bytes_ > max_lag_bytes_) {
    if (std::chrono::steady_clock::now() - last_progress_ > stalled_limit) return leave();
    waiting_.clear();  // back to live
    waiting_bytes_ = 0;
  }
  waiting_.push_back(frames);
  waiting_bytes_ += g_bytes_get_size(frames.get());
  if (!writable_) flush();
}

void Listener::finish() {
  if (is_gone_) return;
  is_finishing_ = true;
  if (!writable_) flush();
}

/// Metadata is woven in here and not before, for skipped frames must not count.
bool Listener::take_next() {
  if (waiting_.empty()) return false;
  auto next = std::move(waiting_.front());
  waiting_.pop_front();
  gsize size = 0;
  const auto* data = static_cast<const char*>(g_bytes_get_data(next.get(), &size));
  waiting_bytes_ -= size;
  if (icy_) {
    const auto woven = icy_->weave({data, size});
    next = GPtr<GBytes>::adopt(g_bytes_new(woven.data(), woven.size()));
  }
  current_ = std::move(next);
  offset_ = 0;
  return true;
}

void Listener::flush() {
  auto* output = G_POLLABLE_OUTPUT_STREAM(g_io_stream_get_output_stream(connection_.get()));
  while (current_ || take_next()) {
    gsize size = 0;
    const auto* data = static_cast<const char*>(g_bytes_get_data(current_.get(), &size));
    GError* raw = nullptr;
    const auto written =
        g_pollable_output_stream_write_nonblocking(output, data + offset_, size - offset_, nullptr, &raw);
    const GUnique<GError> error(raw);
    if (written < 0)
      return g_error_matches(error.get(), G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK) ? wait_until_writable() : leave();
    const auto count = static_cast<std::size_t>(written);
    bytes_sent_ += count;
    offset_ += count;
    last_progress_ = std::chrono::steady_clock::now();
    if (offset_ == size) current_ = {};
  }
  if (is_finishing_) leave();
}

void Listener::wait_until_writable() {
  if (writable_) return;
  auto* output = G_POLLABLE_OUTPUT_STREAM(g_io_stream_get_output_stream(connection_.get()));
  writable_ = on_ready<GPollableOutputStream>(g_pollable_output_stream_create_source(output, nullptr), [this] {
    writable_.reset();
    flush();
    return false;
  });
}

/// A listener has nothing to say after his request; his end of stream is his leaving.
bool Listener::read_and_discard() {
  auto* input = G_POLLABLE_INPUT_STREAM(g_io_stream_get_input_stream(connection_.get()));
  char discarded[1024];
  GError* raw = nullptr;
  const auto count = g_pollable_input_stream_read_nonblocking(input, discarded, sizeof discarded, nullptr, &raw);
  const GUnique<GError> error(raw);
  if (count > 0 || g_error_matches(error.get(), G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK)) return true;
  leave();
  return false;
}

void Listener::leave() {
  if (std::exchange(is_gone_, true)) return;
  readable_.reset();
  writable_.reset();
  post([self = weak_from_this()] {
    if (const auto listener = self.lock()) listener->on_gone_(listener);
  });
}

}  // namespace voicecast
