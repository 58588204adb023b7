// SPDX-License-Identifier: MIT
#pragma once

#include <glib-object.h>

#include <memory>
#include <type_traits>
#include <utility>

namespace voicecast {

template <class Base, auto Ref, auto Unref>
struct RefsBy {
  static void ref(gpointer p) { Ref(static_cast<Base*>(p)); }
  static void unref(gpointer p) { Unref(static_cast<Base*>(p)); }
};
struct ObjectRefs : RefsBy<void, g_object_ref, g_object_unref> {};

/// How references of a counted C type are taken and released. No default, on purpose: a type without a specialisation
/// does not compile. GLib's types are here, GStreamer's in gst.hpp, libsoup's and json-glib's beside the code that uses
/// them.
template <class T>
struct Refs;
template <>
struct Refs<GObject> : ObjectRefs {};
template <>
struct Refs<GBytes> : RefsBy<GBytes, g_bytes_ref, g_bytes_unref> {};

/// A reference to a reference-counted C object. The named constructor says whether C transferred its reference or lent
/// it. As thread-safe as the object's reference count.
template <class T>
class GPtr {
 public:
  GPtr() = default;
  /// (transfer full). Sinks a floating reference.
  static GPtr adopt(T* p) {
    if constexpr (std::is_base_of_v<ObjectRefs, Refs<T>>)
      if (p) g_object_take_ref(p);
    return GPtr(p);
  }
  /// (transfer none): takes a further reference.
  static GPtr share(T* p) {
    if (p) Refs<T>::ref(p);
    return GPtr(p);
  }
  GPtr(const GPtr& other) : GPtr(share(other.p_)) {}
  GPtr(GPtr&& other) noexcept : p_(std::exchange(other.p_, nullptr)) {}
  GPtr& operator=(GPtr other) noexcept {
    std::swap(p_, other.p_);
    return *this;
  }
  ~GPtr() {
    if (p_) Refs<T>::unref(p_);
  }
  T* get() const { return p_; }
  /// Transfers the reference to a function that takes it (transfer full).
  [[nodiscard]] T* release() { return std::exchange(p_, nullptr); }
  explicit operator bool() const { return p_ != nullptr; }

 private:
  explicit GPtr(T* p) : p_(p) {}
  T* p_ = nullptr;
};

/// Frees objects that have one owner and no reference count. A dropped GSource (timer, watch) stops.
struct Free {
  void operator()(GError* p) const { g_error_free(p); }
  void operator()(GKeyFile* p) const { g_key_file_free(p); }
  void operator()(char* p) const { g_free(p); }
  void operator()(GSource* p) const {
    g_source_destroy(p);
    g_source_unref(p);
  }
};
template <class T>
using GUnique = std::unique_ptr<T, Free>;

/// Frees objects of a C library that have one owner: std::unique_ptr<BIO, FreeBy<BIO_free>>.
template <auto free>
struct FreeBy {
  template <class T>
  void operator()(T* p) const {
    free(p);
  }
};

}  // namespace voicecast
