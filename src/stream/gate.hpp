#pragma once

#include <memory>

#include "base/result.hpp"

typedef struct _GstElement GstElement;

namespace voicecast {

/// What keeps a stream's packets from a receiver before he is connected. Main thread.
class Gate {
 public:
  virtual ~Gate() = default;
  /// Lets them through, from now on until it is dropped. His peer is connected, and its certificate was looked at.
  virtual Status open() = 0;
};

/// The valve in a bin of receiver.launch, which holds the bin.
std::unique_ptr<Gate> gate_in(GstElement* bin);

}  // namespace voicecast
