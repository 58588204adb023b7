#pragma once

#include <algorithm>
#include <cstddef>
#include <functional>
#include <memory>
#include <vector>

namespace voicecast {

/// Those who take what an output makes, for as long as they hold their subscriptions. Main thread.
template <class Thing>
class Takers {
 public:
  using Take = std::function<void(const Thing&)>;
  using Subscription = std::shared_ptr<const Take>;

  [[nodiscard]] Subscription add(Take take) {
    auto subscription = std::make_shared<const Take>(std::move(take));
    takers_.push_back(subscription);
    return subscription;
  }
  /// By index: a taker may subscribe or drop another one's subscription meanwhile.
  void hand_out(const Thing& thing) {
    for (std::size_t i = 0; i < takers_.size(); ++i)
      if (const auto take = takers_[i].lock()) (*take)(thing);
    std::erase_if(takers_, [](const auto& taker) { return taker.expired(); });
  }

 private:
  std::vector<std::weak_ptr<const Take>> takers_;
};

}  // namespace voicecast
