// SPDX-License-Identifier: MIT
#pragma once

#include <optional>

#include "base/result.hpp"
#include "rtp/reception_report.hpp"

namespace voicecast {

/// The path of a stream's packets to one receiver, from open() until destruction. Main thread.
class ReceiverEgress {
 public:
  virtual ~ReceiverEgress() = default;
  /// Starts the packets. The receiver's peer is connected and its certificate verified.
  virtual Status open() = 0;
  /// The receiver's last reception report, a few seconds old; nothing before the first.
  virtual std::optional<ReceptionReport> reception() const = 0;
};

}  // namespace voicecast
