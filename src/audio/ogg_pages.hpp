// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace voicecast {

/// Puts the packets of one logical stream of Opus into pages of Ogg (RFC 3533, RFC 7845). Several, one behind the
/// other, make a chained stream, if each has a `serial` of its own and its end was said. Pure.
class OggPages {
 public:
  /// `title` is for people, in UTF-8.
  OggPages(std::uint32_t serial, std::string_view title);

  /// OpusHead and OpusTags, a page each: what a decoder needs before any other page, wherever it joins.
  const std::string& header() const { return header_; }
  /// The next packet, which lasts `samples` at 48 kHz; not empty, at most 61,440 bytes. Gives a page, when there is 0.1
  /// s of voice or no more room for it; nothing before.
  std::string add(std::span<const std::uint8_t> packet, std::size_t samples);
  /// The last page, with what is left; nothing may follow.
  std::string end();

 private:
  std::string page(std::uint8_t flags);

  std::uint32_t serial_, number_ = 0;
  std::uint64_t position_ = 0;  ///< the end of what was added, in samples
  std::uint64_t paged_ = 0;     ///< and of what is in a page
  std::string segments_, packets_, header_;
};

}  // namespace voicecast
