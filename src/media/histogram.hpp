#pragma once

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace voicecast {

/// How long something took, counted in buckets as Prometheus has them. Main thread.
class DurationHistogram {
 public:
  static constexpr std::size_t bound_count = 8;
  using Bounds = std::array<double, bound_count>;

  DurationHistogram() = default;
  explicit DurationHistogram(const Bounds& bounds) : bounds_s(bounds) {}

  /// The buckets' upper bounds; the last bucket, behind them, has none.
  Bounds bounds_s{0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5};

  void observe(std::chrono::duration<double> value) {
    std::size_t bucket = 0;
    while (bucket < bounds_s.size() && value.count() > bounds_s[bucket]) ++bucket;
    ++counts_[bucket];
    sum_s_ += value.count();
    longest_s_ = std::max(longest_s_, value.count());
  }
  /// How many fell into the bucket of this index (not into those below it).
  std::uint64_t count(std::size_t bucket) const { return counts_[bucket]; }
  double sum_s() const { return sum_s_; }
  double longest_s() const { return longest_s_; }

 private:
  std::array<std::uint64_t, bound_count + 1> counts_{};
  double sum_s_ = 0, longest_s_ = 0;
};

/// How WebRTC listeners receive what they are sent.
struct ReceptionHistograms {
  DurationHistogram loss{{0, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5}};  ///< of all packets, 0 to 1
  DurationHistogram jitter{{0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5}};
  DurationHistogram round_trip{{0.001, 0.005, 0.02, 0.05, 0.1, 0.2, 0.5, 1}};
};

}  // namespace voicecast
