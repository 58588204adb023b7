// SPDX-License-Identifier: MIT
#pragma once

#include <glib-object.h>

#include <utility>

#include "base/ptr.hpp"

namespace voicecast {

/// Adapts a lambda to GLib's C callbacks: the signal's arguments first, the lambda as user data last.
template <class F, class Signature = decltype(&F::operator())>
struct Thunk;
template <class F, class R, class... Args>
struct Thunk<F, R (F::*)(Args...) const> {
  static R call(Args... args, gpointer p) noexcept { return (*static_cast<F*>(p))(args...); }
};

/// A signal handler that is disconnected with this object. The lambda's first argument is the emitting instance. After
/// the destruction no call starts; a call in progress on another thread keeps its captures alive.
class Connection {
 public:
  template <class F>
  Connection(gpointer object, const char* signal, F f)
      : object_(GPtr<GObject>::share(G_OBJECT(object))),
        id_(g_signal_connect_data(
            object, signal, G_CALLBACK(&Thunk<F>::call), new F(std::move(f)),
            [](gpointer p, GClosure*) { delete static_cast<F*>(p); }, GConnectFlags{})) {}
  Connection(Connection&&) = default;
  Connection& operator=(Connection&& other) noexcept {
    std::swap(object_, other.object_);
    std::swap(id_, other.id_);
    return *this;
  }
  ~Connection() {
    if (object_) g_signal_handler_disconnect(object_.get(), id_);
  }

 private:
  GPtr<GObject> object_;
  gulong id_;
};

}  // namespace voicecast
