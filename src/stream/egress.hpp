// SPDX-License-Identifier: MIT
#pragma once

#include <optional>

#include "base/result.hpp"
#include "rtp/reception_report.hpp"

namespace voicecast {

/// How a stream's packets leave for one receiver, from open() until it is dropped. Main thread.
class ReceiverEgress {
 public:
  virtual ~ReceiverEgress() = default;
  /// Lets packets leave. The receiver's peer is connected, and its certificate was compared with its fingerprint.
  virtual Status open() = 0;
  /// The receiver's last report, a few seconds old; nothing before the first one.
  virtual std::optional<ReceptionReport> reception() const = 0;
};

}  // namespace voicecast
