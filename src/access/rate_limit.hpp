// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstddef>
#include <list>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>

#include "access/limits.hpp"

namespace voicecast {

/// A token bucket per key, for the most recent keys; the key without requests for the longest time is dropped first and
/// starts anew later. So a flood from a million addresses costs bounded memory. Main thread.
class RateLimit {
 public:
  using Time = std::chrono::steady_clock::time_point;
  using Seconds = std::chrono::duration<double>;

  /// `burst` at once, then one per `interval`. A burst of 0 means no limit.
  struct Rate {
    unsigned burst;
    Seconds interval;
  };

  RateLimit(unsigned burst, Seconds interval) : RateLimit({burst, interval}, {burst, interval}) {}
  /// Applies `local` to keys of the local network (see is_local_key()).
  RateLimit(Rate everywhere, Rate local) : everywhere_(everywhere), local_(local) {}

  /// Changes the rates; a bucket never has more tokens than the new burst.
  void change(Rate everywhere, Rate local);
  void change(unsigned burst, Seconds interval) { change({burst, interval}, {burst, interval}); }
  /// Takes a token of `key`; without one, gives the time until the next.
  std::optional<Seconds> refuse(const std::string& key, Time now);
  std::size_t size() const { return buckets_.size(); }

  static constexpr std::size_t max_keys = 8192;  ///< about a megabyte

 private:
  struct Bucket {
    std::string key;
    double tokens;
    Time at;  ///< time of the last update of `tokens`
  };
  Bucket& bucket_of(const std::string& key, double burst, Time now);

  Rate everywhere_, local_;
  std::list<Bucket> recent_first_;
  std::unordered_map<std::string, std::list<Bucket>::iterator> buckets_;
};

/// The current number of connections, sessions or the like per address. Main thread.
class Tally {
 public:
  /// `most` per address; 0: no limit.
  explicit Tally(PerAddress most) : most_(most) {}
  /// Changes the limit; existing ones over it stay.
  void change(PerAddress most) { most_ = most; }
  bool is_full(const std::string& key) const;
  void add(const std::string& key) { ++counts_[key]; }
  void remove(const std::string& key);

 private:
  PerAddress most_;
  std::map<std::string, unsigned> counts_;
};

}  // namespace voicecast
