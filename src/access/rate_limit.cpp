// SPDX-License-Identifier: MIT
#include "access/rate_limit.hpp"

#include <algorithm>

#include "access/client_address.hpp"

namespace voicecast {

RateLimit::Bucket& RateLimit::bucket_of(const std::string& key, double burst, Time now) {
  if (const auto known = buckets_.find(key); known != buckets_.end()) {
    recent_first_.splice(recent_first_.begin(), recent_first_, known->second);
    return recent_first_.front();
  }
  if (buckets_.size() == max_keys) {
    buckets_.erase(recent_first_.back().key);
    recent_first_.pop_back();
  }
  recent_first_.push_front({key, burst, now});
  buckets_.emplace(key, recent_first_.begin());
  return recent_first_.front();
}

void RateLimit::change(Rate everywhere, Rate local) {
  everywhere_ = everywhere;
  local_ = local;
}

std::optional<RateLimit::Seconds> RateLimit::refuse(const std::string& key, Time now) {
  const auto& [burst, interval] = is_local_key(key) ? local_ : everywhere_;
  if (burst == 0) return std::nullopt;
  auto& bucket = bucket_of(key, burst, now);
  bucket.tokens = std::min<double>(burst, bucket.tokens + Seconds(now - bucket.at) / interval);
  bucket.at = now;
  constexpr double almost_one = 1 - 1e-9;  // after exactly an interval the sum may miss 1 by a rounding
  if (bucket.tokens < almost_one) return (1 - bucket.tokens) * interval;
  bucket.tokens -= 1;
  return std::nullopt;
}

bool Tally::is_full(const std::string& key) const {
  const auto most = most_.of(is_local_key(key));
  const auto at = counts_.find(key);
  return most > 0 && at != counts_.end() && at->second >= most;
}

void Tally::remove(const std::string& key) {
  if (const auto at = counts_.find(key); at != counts_.end() && --at->second == 0) counts_.erase(at);
}

}  // namespace voicecast
