// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string_view>

#include "base/gio.hpp"

namespace voicecast {

/// What is behind a stream that libsoup has. Main thread.
class StreamSide {
 public:
  virtual ~StreamSide() = default;
  /// How many bytes libsoup gets; 0 at the end, nothing when it has to wait.
  virtual std::optional<std::size_t> read(std::span<char> to) = 0;
  /// How many of its bytes were taken; 0 when it has to wait, nothing if the connection is broken.
  virtual std::optional<std::size_t> write(std::string_view bytes) = 0;
  virtual bool is_readable() = 0;
  /// New sources for when read() and write() may do better (transfer full).
  virtual GSource* make_input_source() = 0;
  virtual GSource* make_output_source() = 0;
  /// libsoup closes it, or drops it without; may come more than once.
  virtual void on_closed() = 0;
};

/// A stream for libsoup, both ends pollable. It never blocks, so what would is refused.
GPtr<GIOStream> make_server_stream(std::shared_ptr<StreamSide> side);

}  // namespace voicecast
