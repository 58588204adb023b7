// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace voicecast {

/// Writes Ogg pages of one logical Opus stream (RFC 3533, RFC 7845). Several in sequence are a chained stream, if each
/// has its own `serial` and ends with end(). Pure.
class OggPages {
 public:
  /// `title`: the stream's name, in UTF-8.
  OggPages(std::uint32_t serial, std::string_view title);

  /// OpusHead and OpusTags, a page each: a decoder needs them before any other page, wherever it joins.
  const std::string& header() const { return header_; }
  /// Adds a packet of `samples` at 48 kHz; 1 to 61,440 bytes. Returns a page if it holds 0.1 s of audio or is full,
  /// otherwise nothing.
  std::string add(std::span<const std::uint8_t> packet, std::size_t samples);
  /// The last page, with the remaining packets. Add no packets after it.
  std::string end();

 private:
  std::string page(std::uint8_t flags);

  std::uint32_t serial_, number_ = 0;
  std::uint64_t position_ = 0;  ///< the end of the added packets, in samples
  std::uint64_t paged_ = 0;     ///< the end of the last page, in samples
  std::string segments_, packets_, header_;
};

}  // namespace voicecast
