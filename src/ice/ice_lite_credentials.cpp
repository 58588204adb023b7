// SPDX-License-Identifier: MIT
#include "ice/ice_lite_credentials.hpp"

#include <utility>

#include "access/secret_id.hpp"

namespace voicecast {

IceParameters IceLiteCredentials::renew(const std::shared_ptr<IceSession>& session) {
  const std::lock_guard lock(mutex_);
  all_.push_back({new_secret_id(), new_secret_id(), {}});
  port_->expect(all_.back().ufrag, all_.back().pwd, static_cast<unsigned>(all_.size()), session);
  return all_.back();
}

IceParameters IceLiteCredentials::last() const {
  const std::lock_guard lock(mutex_);
  return all_.empty() ? IceParameters() : all_.back();
}

void IceLiteCredentials::withdraw() const {
  const std::lock_guard lock(mutex_);
  for (const auto& one : all_) port_->forget(one.ufrag);
}

std::shared_ptr<IcePath> path_with_sockets(std::shared_ptr<IcePort> port, std::shared_ptr<IcePath> path) {
  using Held = std::pair<std::shared_ptr<IcePort>, std::shared_ptr<IcePath>>;
  const auto held = std::make_shared<Held>(std::move(port), std::move(path));
  return {held, held->second.get()};
}

}  // namespace voicecast
