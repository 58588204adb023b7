// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "base/ptr.hpp"

namespace voicecast {

/// What is in it, as long as somebody holds it.
inline std::string_view text_of(GBytes* bytes) {
  gsize size = 0;
  const auto* data = static_cast<const char*>(g_bytes_get_data(bytes, &size));
  return {data ? data : "", size};
}

inline std::span<const std::uint8_t> octets_of(GBytes* bytes) {
  const auto text = text_of(bytes);
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

/// A copy.
inline GPtr<GBytes> bytes_of(std::string_view text) {
  return GPtr<GBytes>::adopt(g_bytes_new(text.data(), text.size()));
}

}  // namespace voicecast
