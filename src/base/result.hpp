// SPDX-License-Identifier: MIT
#pragma once

#include <gio/gio.h>

#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "base/ptr.hpp"

namespace voicecast {

/// The cases that callers distinguish; every other failure is `failed` with a message for people. `busy`: a later try
/// may succeed.
enum class ErrorCode { failed, not_found, bad_message, unsupported, closed, busy };

struct Error {
  ErrorCode code = ErrorCode::failed;
  std::string message;
};

/// A value, or the Error that explains its absence. The member names are those of std::expected, which gcc 12 lacks.
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

/// The result of a function without a value.
using Status = Result<std::monostate>;
inline Status success() { return std::monostate{}; }

/// Converts and frees a GError (transfer full). `doing` names the failed action, as in "cannot read /etc/x".
inline Error take_error(GError* raw, std::string_view doing) {
  const GUnique<GError> error(raw);
  return {ErrorCode::failed, std::string(doing) + ": " + error->message};
}

}  // namespace voicecast
