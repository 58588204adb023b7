// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace voicecast {

/// Observations of one kind (durations in seconds, or ratios), counted in buckets in Prometheus' way. Main thread.
class Histogram {
 public:
  static constexpr std::size_t bound_count = 8;
  using Bounds = std::array<double, bound_count>;

  Histogram() = default;
  explicit Histogram(const Bounds& upper_bounds) : bounds(upper_bounds) {}

  /// The upper bounds of the buckets; the last bucket has none.
  Bounds bounds{0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5};

  void observe(double value) {
    std::size_t bucket = 0;
    while (bucket < bounds.size() && value > bounds[bucket]) ++bucket;
    ++counts_[bucket];
    sum_ += value;
    largest_ = std::max(largest_, value);
  }
  void observe(std::chrono::duration<double> time) { observe(time.count()); }
  /// The count of one bucket alone: not cumulative.
  std::uint64_t count(std::size_t bucket) const { return counts_[bucket]; }
  double sum() const { return sum_; }
  double largest() const { return largest_; }

 private:
  std::array<std::uint64_t, bound_count + 1> counts_{};
  double sum_ = 0, largest_ = 0;
};

/// The quality of reception that WebRTC receivers report.
struct ReceptionHistograms {
  Histogram loss{{0, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5}};          ///< fraction of packets, 0 to 1
  Histogram jitter{{0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5}};  ///< in seconds
  Histogram round_trip{{0.001, 0.005, 0.02, 0.05, 0.1, 0.2, 0.5, 1}};   ///< in seconds
};

}  // namespace voicecast
