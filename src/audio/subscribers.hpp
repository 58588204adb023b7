// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <functional>
#include <memory>
#include <vector>

namespace voicecast {

/// The subscribers of an output. Each owns its subscription; its callback runs until the subscription is dropped.
/// Main thread.
template <class Thing>
class Subscribers {
 public:
  using Take = std::function<void(const Thing&)>;
  using Subscription = std::shared_ptr<const Take>;

  [[nodiscard]] Subscription add(Take take) {
    auto subscription = std::make_shared<const Take>(std::move(take));
    subscribers_.push_back(subscription);
    return subscription;
  }
  /// Calls every subscriber. The loop goes by index: a callback may add or drop subscriptions meanwhile.
  void hand_out(const Thing& thing) {
    for (std::size_t i = 0; i < subscribers_.size(); ++i)
      if (const auto take = subscribers_[i].lock()) (*take)(thing);
    std::erase_if(subscribers_, [](const auto& subscription) { return subscription.expired(); });
  }

 private:
  std::vector<std::weak_ptr<const Take>> subscribers_;
};

}  // namespace voicecast
