// SPDX-License-Identifier: MIT
#pragma once

#include <gio/gio.h>

#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "base/ptr.hpp"

namespace voicecast {

/// Only what a caller branches on; everything else is `failed` with words for a person. `busy`: it may do later.
enum class ErrorCode { failed, not_found, bad_message, unsupported, closed, busy };

struct Error {
  ErrorCode code = ErrorCode::failed;
  std::string message;
};

/// A value or the Error why there is none; the names are those of std::expected, which gcc 12 lacks.
template <class T>
struct [[nodiscard]] Result : std::variant<T, Error> {
  using std::variant<T, Error>::variant;
  explicit operator bool() const { return this->index() == 0; }
  T& operator*() { return std::get<0>(*this); }
  const T& operator*() const { return std::get<0>(*this); }
  T* operator->() { return &std::get<0>(*this); }
  const T* operator->() const { return &std::get<0>(*this); }
  const Error& error() const { return std::get<1>(*this); }
};

/// For functions that only succeed or fail.
using Status = Result<std::monostate>;
inline Status success() { return std::monostate{}; }

/// Takes the GError that C gave (transfer full). `doing` says what was tried, as in "cannot read /etc/x".
inline Error take_error(GError* raw, std::string_view doing) {
  const GUnique<GError> error(raw);
  return {ErrorCode::failed, std::string(doing) + ": " + error->message};
}

}  // namespace voicecast
