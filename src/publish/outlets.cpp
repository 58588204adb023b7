// SPDX-License-Identifier: MIT
#include "publish/outlets.hpp"

#include <algorithm>
#include <utility>

namespace voicecast {

Status Outlet::open(const MakeTarget& make, const PublishConfig& config, const std::string& title) {
  auto target = make(config, url_, title, *this);
  if (!target) return target.error();
  target_ = std::move(*target);
  return success();
}

bool Outlet::feed(const EncodedFrames& frames) {
  if (frames.at && !first_at_) first_at_ = frames.at;
  const auto at = frames.at ? std::optional(*frames.at - *first_at_) : std::nullopt;
  if (!target_->feed({frames.bytes, at})) return false;
  limit_.add(g_bytes_get_size(frames.bytes.get()));
  return true;
}

void Outlet::on_target_at(const std::string& url) {
  url_ = url;
  events_.on_place(*this);
}

Outlets::~Outlets() {
  finish_all();
  for (auto& outlet : finishing_) drop(std::move(outlet));
}

void Outlets::begin_next(std::unique_ptr<Outlet> next) { full_ = std::exchange(current_, std::move(next)); }

void Outlets::finish(std::unique_ptr<Outlet> outlet) {
  if (!outlet) return;
  outlet->target().finish();
  finishing_.push_back(std::move(outlet));
}

void Outlets::finish_all() {
  finish(std::move(full_));
  finish(std::move(current_));
}

void Outlets::drop(std::unique_ptr<Outlet> outlet) {
  if (outlet) gone_bytes_ += outlet->target().sent_bytes();
}

bool Outlets::is_leaving(const Outlet& outlet) const {
  return &outlet == full_.get() ||
         std::ranges::any_of(finishing_, [&](const auto& other) { return other.get() == &outlet; });
}

bool Outlets::remove(const Outlet& outlet) {
  if (&outlet == full_.get()) {
    drop(std::move(full_));
    return true;
  }
  const auto at = std::ranges::find(finishing_, &outlet, [](const auto& other) { return other.get(); });
  if (at == finishing_.end()) return false;
  drop(std::move(*at));
  finishing_.erase(at);
  return true;
}

std::uint64_t Outlets::sent_bytes() const {
  std::uint64_t sum = 0;
  for (const auto* outlet : {&full_, &current_})
    if (*outlet) sum += (*outlet)->target().sent_bytes();
  for (const auto& outlet : finishing_) sum += outlet->target().sent_bytes();
  return sum;
}

std::vector<std::string> Outlets::urls() const {
  std::vector<std::string> all;
  for (const auto& outlet : finishing_) all.push_back(outlet->url());
  for (const auto* outlet : {&full_, &current_})
    if (*outlet) all.push_back((*outlet)->url());
  return all;
}

}  // namespace voicecast
