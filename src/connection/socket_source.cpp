// SPDX-License-Identifier: MIT
#include "connection/socket_source.hpp"

#include <glib-unix.h>

#include <utility>

namespace voicecast {
namespace {

constexpr int leftover_priority = G_PRIORITY_HIGH_IDLE;

using Function = std::function<void()>;

/// Not a lambda, which would convert the condition: POLLRDHUP is not a value of that enum.
gboolean call_once(int, GIOCondition, gpointer p) noexcept {
  (*static_cast<Function*>(p))();
  return G_SOURCE_REMOVE;
}

}  // namespace

GUnique<GSource> when(int fd, int events, std::function<void()> f) {
  // GLib passes them on to poll(), also those that its enum lacks.
  GUnique<GSource> source(g_unix_fd_source_new(fd, static_cast<GIOCondition>(events)));
  g_source_set_callback(source.get(), G_SOURCE_FUNC(call_once), new Function(std::move(f)),
                        [](gpointer p) { delete static_cast<Function*>(p); });
  g_source_attach(source.get(), nullptr);
  return source;
}

GSource* leftover_source() {
  GSource* source = g_timeout_source_new(0);
  g_source_set_priority(source, leftover_priority);
  return source;
}

}  // namespace voicecast
