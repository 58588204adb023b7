// SPDX-License-Identifier: MIT
#include "connection/tls_handshakes.hpp"

#include <glib-unix.h>

#include <algorithm>
#include <utility>

#include "base/main_loop.hpp"

namespace voicecast {
namespace {

using OnDone = std::function<void(bool)>;

/// A handshake in progress on the thread.
struct Step {
  std::shared_ptr<TlsTransport> transport;
  OnDone on_done;
  GMainContext* context;
};

void go_on(Step step);

gboolean on_ready(int, GIOCondition, gpointer p) noexcept {
  go_on(std::move(*static_cast<Step*>(p)));
  return G_SOURCE_REMOVE;
}

void wait_for(GIOCondition condition, Step step) {
  GSource* source = g_unix_fd_source_new(step.transport->fd(), condition);
  GMainContext* context = step.context;
  g_source_set_callback(source, G_SOURCE_FUNC(on_ready), new Step(std::move(step)),
                        [](gpointer p) { delete static_cast<Step*>(p); });
  g_source_attach(source, context);
  g_source_unref(source);
}

void go_on(Step step) {
  switch (step.transport->shake_hands()) {
    case TlsTransport::Handshake::wants_input:
      return wait_for(G_IO_IN, std::move(step));
    case TlsTransport::Handshake::wants_output:
      return wait_for(G_IO_OUT, std::move(step));
    case TlsTransport::Handshake::done:
      return post([on_done = std::move(step.on_done)] { on_done(true); });
    case TlsTransport::Handshake::failed:
      return post([on_done = std::move(step.on_done)] { on_done(false); });
  }
}

}  // namespace

TlsHandshakes::TlsHandshakes()
    : self_(std::make_shared<TlsHandshakes*>(this)),
      context_(g_main_context_new()),
      loop_(g_main_loop_new(context_, FALSE)),
      thread_([loop = loop_] { g_main_loop_run(loop); }) {}

TlsHandshakes::~TlsHandshakes() {
  *self_ = nullptr;
  // Not g_main_loop_quit() directly: the thread may not run the loop yet.
  GSource* end = g_idle_source_new();
  g_source_set_callback(
      end,
      [](gpointer loop) noexcept -> gboolean {
        g_main_loop_quit(static_cast<GMainLoop*>(loop));
        return G_SOURCE_REMOVE;
      },
      loop_, nullptr);
  g_source_attach(end, context_);
  g_source_unref(end);
  thread_.join();
  g_main_loop_unref(loop_);
  g_main_context_unref(context_);
}

void TlsHandshakes::make_room(const std::string& key) {
  const auto has_key = [&](const UnderWay& one) { return one.key == key; };
  auto oldest = under_way_.end();
  if (std::ranges::count_if(under_way_, has_key) >= static_cast<std::ptrdiff_t>(max_of_an_address))
    oldest = std::ranges::find_if(under_way_, has_key);
  else if (under_way_.size() >= max_in_all)
    oldest = under_way_.begin();
  if (oldest == under_way_.end()) return;
  oldest->transport->shut_down();
  const auto on_done = std::move(oldest->on_done);
  under_way_.erase(oldest);
  on_done(false);
}

void TlsHandshakes::begin(std::shared_ptr<TlsTransport> transport, std::string key, OnDone on_done) {
  make_room(key);
  const auto done = [self = std::weak_ptr(self_), transport](bool is_good) {
    if (const auto alive = self.lock(); alive && *alive) (*alive)->on_done(transport.get(), is_good);
  };
  wait_for(G_IO_IN, {transport, done, context_});
  under_way_.push_back({std::move(transport), std::move(key), std::move(on_done)});
}

/// A handshake that was evicted is not in the list any more.
void TlsHandshakes::on_done(const TlsTransport* transport, bool is_good) {
  const auto at = std::ranges::find_if(under_way_, [&](const auto& one) { return one.transport.get() == transport; });
  if (at == under_way_.end()) return;
  const auto on_done = std::move(at->on_done);
  under_way_.erase(at);
  on_done(is_good);
}

}  // namespace voicecast
