// SPDX-License-Identifier: MIT
#include "ice/ice_lite_direct.hpp"

#include <utility>

#include "ice/ice_lite_credentials.hpp"

namespace voicecast {
namespace {

class DirectLiteAgent : public IceAgent {
 public:
  DirectLiteAgent(std::shared_ptr<IcePort> port, IceSessionEvents& events)
      : port_(std::move(port)), session_(std::make_shared<IceSession>(events, path_)), credentials_(port_) {
    credentials_.renew(session_);
  }
  ~DirectLiteAgent() override {
    session_->close();
    credentials_.withdraw();
  }

  bool is_lite() const override { return true; }
  std::optional<IceParameters> credentials() const override { return credentials_.last(); }
  std::vector<std::string> candidates() const override { return port_->candidates(); }
  std::shared_ptr<IcePath> path() override { return path_with_sockets(port_, path_); }
  Result<IceParameters> restart(const IceParameters&) override { return credentials_.renew(session_); }
  void confirm_consent() override { session_->confirm(); }

 private:
  const std::shared_ptr<IcePort> port_;
  const std::shared_ptr<IcePath> path_ = std::make_shared<IcePath>();
  const std::shared_ptr<IceSession> session_;
  IceLiteCredentials credentials_;
};

}  // namespace

std::unique_ptr<IceAgent> make_ice_lite_direct(std::shared_ptr<IcePort> port, IceSessionEvents& events) {
  return std::make_unique<DirectLiteAgent>(std::move(port), events);
}

}  // namespace voicecast
