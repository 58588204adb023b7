#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace voicecast {

/// How long something took, counted in buckets as Prometheus has them. Main thread.
class DurationHistogram {
 public:
  /// The buckets' upper bounds; the last bucket, behind them, has none.
  static constexpr std::array<double, 8> bounds_s{0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5};

  void observe(std::chrono::duration<double> value) {
    std::size_t bucket = 0;
    while (bucket < bounds_s.size() && value.count() > bounds_s[bucket]) ++bucket;
    ++counts_[bucket];
    sum_s_ += value.count();
  }
  /// How many fell into the bucket of this index (not into those below it).
  std::uint64_t count(std::size_t bucket) const { return counts_[bucket]; }
  double sum_s() const { return sum_s_; }

 private:
  std::array<std::uint64_t, bounds_s.size() + 1> counts_{};
  double sum_s_ = 0;
};

}  // namespace voicecast
