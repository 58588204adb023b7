// SPDX-License-Identifier: MIT
#pragma once

#include <glib.h>

#include <algorithm>
#include <chrono>
#include <utility>

#include "base/ptr.hpp"

namespace voicecast {

/// Runs `f` on the main loop: later, in the order of the posts, never inside the caller. Any thread.
template <class F>
void post(F f) {
  GSource* source = g_idle_source_new();
  g_source_set_priority(source, G_PRIORITY_DEFAULT);
  g_source_set_callback(
      source,
      [](gpointer p) noexcept -> gboolean {
        (*static_cast<F*>(p))();
        return G_SOURCE_REMOVE;
      },
      new F(std::move(f)), [](gpointer p) { delete static_cast<F*>(p); });
  g_source_attach(source, nullptr);
  g_source_unref(source);
}

using Timer = GUnique<GSource>;

/// Calls `f` on the main loop each time `source` is due, until it returns false. Takes ownership of `source`; the
/// source ends with the Timer. See every().
template <class F>
[[nodiscard]] Timer started(GSource* source, F f) {
  g_source_set_callback(
      source, [](gpointer p) noexcept -> gboolean { return (*static_cast<F*>(p))(); }, new F(std::move(f)),
      [](gpointer p) { delete static_cast<F*>(p); });
  g_source_attach(source, nullptr);
  return Timer(source);
}

/// Calls `f` on the main loop every `period`, until the Timer is dropped or `f` returns false. Timers with the same
/// whole number of seconds fire in one iteration of the loop, so the first call may come up to a quarter of a second
/// early. Main thread.
template <class F>
[[nodiscard]] Timer every(std::chrono::milliseconds period, F f) {
  const auto whole = std::chrono::floor<std::chrono::seconds>(period);
  auto* source = whole == period && period.count() > 0 ? g_timeout_source_new_seconds(static_cast<guint>(whole.count()))
                                                       : g_timeout_source_new(static_cast<guint>(period.count()));
  return started(source, std::move(f));
}

/// Calls `f` once after `delay`, unless the Timer is dropped before. Main thread.
template <class F>
[[nodiscard]] Timer after(std::chrono::milliseconds delay, F f) {
  return started(g_timeout_source_new(static_cast<guint>(delay.count())), [f = std::move(f)]() mutable {
    f();
    return false;
  });
}

/// The time until `time`, at most 20 days: GLib's timers end at 49 days. Any thread.
inline std::chrono::milliseconds time_until(std::chrono::system_clock::time_point time) {
  constexpr std::chrono::hours longest{24 * 20};
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(time - std::chrono::system_clock::now());
  return std::clamp<std::chrono::milliseconds>(left, std::chrono::milliseconds(0), longest);
}

}  // namespace voicecast
