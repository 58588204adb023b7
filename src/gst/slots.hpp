// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <cstddef>
#include <memory>

namespace voicecast {

/// One unit of Slots, in use while a copy of it exists.
using Slot = std::shared_ptr<void>;

/// Counts the objects of a kind: each holds a Slot. Any thread.
class Slots {
 public:
  Slot take() const {
    ++*taken_;
    return {nullptr, [taken = taken_](void*) { --*taken; }};
  }
  std::size_t taken() const { return *taken_; }

 private:
  std::shared_ptr<std::atomic<std::size_t>> taken_ = std::make_shared<std::atomic<std::size_t>>(0);
};

}  // namespace voicecast
