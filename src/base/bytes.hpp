// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "base/ptr.hpp"

namespace voicecast {

/// The content as text; valid while a reference to `bytes` is held. Any thread.
inline std::string_view text_of(GBytes* bytes) {
  gsize size = 0;
  const auto* data = static_cast<const char*>(g_bytes_get_data(bytes, &size));
  return {data ? data : "", size};
}

/// The content as octets; valid while a reference to `bytes` is held. Any thread.
inline std::span<const std::uint8_t> octets_of(GBytes* bytes) {
  const auto text = text_of(bytes);
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

/// A new GBytes with a copy of the text.
inline GPtr<GBytes> bytes_of(std::string_view text) {
  return GPtr<GBytes>::adopt(g_bytes_new(text.data(), text.size()));
}

}  // namespace voicecast
