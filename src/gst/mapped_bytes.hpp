// SPDX-License-Identifier: MIT
#pragma once

#include <gst/gst.h>

#include <cstdint>
#include <span>

namespace voicecast {

/// The bytes of a buffer, mapped for reading during the scope of this object; empty if the mapping fails. One thread;
/// the buffer outlives it.
class MappedBytes {
 public:
  explicit MappedBytes(GstBuffer* buffer) : buffer_(buffer), is_mapped_(gst_buffer_map(buffer, &map_, GST_MAP_READ)) {}
  MappedBytes(const MappedBytes&) = delete;
  ~MappedBytes() {
    if (is_mapped_) gst_buffer_unmap(buffer_, &map_);
  }
  std::span<const std::uint8_t> bytes() const {
    return is_mapped_ ? std::span<const std::uint8_t>(map_.data, map_.size) : std::span<const std::uint8_t>();
  }

 private:
  GstBuffer* buffer_;
  GstMapInfo map_;
  bool is_mapped_;
};

}  // namespace voicecast
