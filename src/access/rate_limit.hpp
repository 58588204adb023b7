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

/// A token bucket for each of the last few thousand who came; the one who was away longest is forgotten first, and
/// counts as new when he comes again. So a flood from a million addresses costs bounded memory. Main thread.
class RateLimit {
 public:
  using Time = std::chrono::steady_clock::time_point;
  using Seconds = std::chrono::duration<double>;

  /// So many at once, then one each `interval`. A burst of 0 lets everything pass.
  struct Rate {
    unsigned burst;
    Seconds interval;
  };

  RateLimit(unsigned burst, Seconds interval) : RateLimit({burst, interval}, {burst, interval}) {}
  /// Keys of the local network (see is_local_key()) have a rate of their own.
  RateLimit(Rate everywhere, Rate local) : everywhere_(everywhere), local_(local) {}

  /// From now on; a full bucket is no fuller than the new burst.
  void change(Rate everywhere, Rate local);
  void change(unsigned burst, Seconds interval) { change({burst, interval}, {burst, interval}); }
  /// Takes a token of `key`; without one it gives how long until there is one.
  std::optional<Seconds> refuse(const std::string& key, Time now);
  std::size_t size() const { return buckets_.size(); }

  static constexpr std::size_t max_keys = 8192;  ///< about a megabyte

 private:
  struct Bucket {
    std::string key;
    double tokens;
    Time at;  ///< when it had so many
  };
  Bucket& bucket_of(const std::string& key, double burst, Time now);

  Rate everywhere_, local_;
  std::list<Bucket> recent_first_;
  std::unordered_map<std::string, std::list<Bucket>::iterator> buckets_;
};

/// How many of something each address has right now. Main thread.
class Tally {
 public:
  /// `most` each; 0: any number.
  explicit Tally(PerAddress most) : most_(most) {}
  /// From now on; those who are more already stay.
  void change(PerAddress most) { most_ = most; }
  bool is_full(const std::string& key) const;
  void add(const std::string& key) { ++counts_[key]; }
  void remove(const std::string& key);

 private:
  PerAddress most_;
  std::map<std::string, unsigned> counts_;
};

}  // namespace voicecast
