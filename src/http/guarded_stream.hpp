#pragma once

#include <cstdint>
#include <memory>

#include "glib/gio.hpp"
#include "http/request_gate.hpp"

namespace voicecast {

/// What a guarded stream tells its connection, on the main loop.
class GuardedStreamEvents {
 public:
  virtual ~GuardedStreamEvents() = default;
  /// Bytes came and went through `gate`.
  virtual void on_input(const RequestGate& gate) = 0;
  /// What came is refused; the reader of the stream sees its end.
  virtual void on_refused(const Refusal& refusal, const RequestGate& gate) = 0;
  /// The reader closes the stream. Whether `base` is to be closed now; if not, the connection does it later.
  virtual bool on_closing() = 0;
};

/// What a client may go on sending while he takes nothing of what we send: every ping of his makes libsoup queue a
/// pong, without a bound of its own.
inline constexpr std::size_t max_input_while_blocked = 1024 * 1024;

/// A stream for libsoup on top of `base` (both ends pollable) that gives it nothing but whole and good requests. What
/// is written goes through and is counted. It closes `base` in the background of GIO, for a goodbye of TLS may take
/// its time. `events` may be gone before it.
GPtr<GIOStream> guard_stream(GIOStream* base, const std::weak_ptr<GuardedStreamEvents>& events);

/// How many bytes of what was written the connection has taken. `stream` is a guarded one, or libsoup's around it.
std::uint64_t bytes_taken(GIOStream* stream);

}  // namespace voicecast
