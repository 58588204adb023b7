// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string_view>

#include "base/gio.hpp"

namespace voicecast {

/// The implementation behind a stream for libsoup. Main thread.
class StreamSide {
 public:
  virtual ~StreamSide() = default;
  /// Reads into `to`; gives the number of bytes, 0 at the end, nothing if it would block.
  virtual std::optional<std::size_t> read(std::span<char> to) = 0;
  /// Whether the end that read() reports is inside a request body, where libsoup must get an error.
  virtual bool is_body_cut() = 0;
  /// Writes; gives the number of accepted bytes, 0 if it would block, nothing if the connection is broken.
  virtual std::optional<std::size_t> write(std::string_view bytes) = 0;
  virtual bool is_readable() = 0;
  /// New sources that fire when read() or write() may succeed (transfer full).
  virtual GSource* make_input_source() = 0;
  virtual GSource* make_output_source() = 0;
  /// libsoup closed or dropped the stream; may be called more than once.
  virtual void on_closed() = 0;
};

/// A stream for libsoup, with both directions pollable. Blocking calls fail. Main thread.
GPtr<GIOStream> make_server_stream(std::shared_ptr<StreamSide> side);

}  // namespace voicecast
