// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/signal.hpp"
#include "sdp/description.hpp"
#include "webrtc/peer.hpp"

namespace voicecast {

/// A WebRTC client in this process: a Peer on libnice at 127.0.0.1, in a pipeline of its own. Main thread.
class ClientPeer : private PeerEvents {
 public:
  /// Sends a tone, once pass_voice() is called.
  static std::unique_ptr<ClientPeer> sender();
  /// Counts the packets that it receives, if it answers: a Peer that offers takes no RTP.
  static std::unique_ptr<ClientPeer> receiver();
  /// Closes its connection.
  ~ClientPeer() override;

  /// The client's offer, with all candidates. Runs the main loop meanwhile.
  std::string offer();
  /// The client's answer, with all candidates. Runs the main loop meanwhile.
  std::string answer(const LocalDescription& offer);
  void accept(const LocalDescription& answer);
  void pass_voice();
  bool is_connected() const { return is_connected_; }
  unsigned packets() const { return packets_; }

 private:
  explicit ClientPeer(const std::string& pipeline);
  void send_voice();
  void receive_voice();
  void play();
  LocalDescription describe();

  void on_local_description(LocalDescription description) override { own_ = std::move(description); }
  void on_local_candidate(const std::string&) override {}
  void on_connected() override { is_connected_ = true; }
  void on_failed(const Error&) override {}

  GPtr<GstElement> pipeline_;
  std::shared_ptr<Peer> peer_;
  std::optional<LocalDescription> own_;
  std::vector<Connection> connections_;
  std::atomic<unsigned> packets_{0};
  bool is_connected_ = false;
};

}  // namespace voicecast
