// SPDX-License-Identifier: MIT
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "ice/ice_port.hpp"
#include "sdp/description_text.hpp"
#include "stream/publication.hpp"
#include "unit/run_until.hpp"
#include "unit/stream/client_peer.hpp"

namespace voicecast {

/// A session that keeps what its media tell it, and drops them when they fail, as MediaEvents demands.
struct SessionLog : MediaEvents {
  void on_description(const LocalDescription& description) override {
    EXPECT_FALSE(failure) << "an event after on_failed()";
    descriptions.push_back(description);
  }
  void on_candidate(const std::string& candidate, const std::string&, std::size_t) override {
    EXPECT_FALSE(failure) << "an event after on_failed()";
    candidates.push_back(candidate);
  }
  void on_failed(const Error& reason) override {
    EXPECT_FALSE(failure) << "a second failure";
    failure = reason;
    drop();
  }

  std::function<void()> drop;
  std::vector<LocalDescription> descriptions;
  std::vector<std::string> candidates;
  std::optional<Error> failure;
};

/// How packets reach clients: --egress and --ice.
struct Ways {
  bool is_fanned_out, is_lite;
};

inline auto all_ways() { return testing::Values(Ways{true, true}, Ways{false, false}); }

inline std::string name_of(const testing::TestParamInfo<Ways>& info) {
  return std::string(info.param.is_fanned_out ? "Fanout" : "Webrtcbin") + (info.param.is_lite ? "Lite" : "Full");
}

/// A StreamRegistry with one of the server's ways to its clients, at 127.0.0.1, and what its observers are told.
class MediaTest : public testing::TestWithParam<Ways>, private StreamObserver {
 protected:
  MediaTest() {
    media_.ice.addresses = {"127.0.0.1"};
    media_.texts = *PipelineTexts::load(VOICECAST_SOURCE_DIR "/pipelines");
    media_.is_fanned_out = GetParam().is_fanned_out;
    if (GetParam().is_lite) media_.ice_port = *IcePort::open(media_.ice.addresses, 0);
    registry_.add_observer(*this);
  }
  /// Every test ends without peers: all have given back their slots.
  void TearDown() override {
    run_until([this] { return media_.peers.taken() == 0; });
    EXPECT_EQ(registry_.count(), 0U);
    EXPECT_EQ(media_.connected_receivers.taken(), 0U);
  }

  /// A session that sends: its client, and the Publication that answers the client's offer.
  struct Talk {
    SessionLog session;
    std::unique_ptr<Publication> publication;
    std::unique_ptr<ClientPeer> client = ClientPeer::sender();
    std::string offer;  ///< the client's SDP
  };
  std::unique_ptr<Talk> open(const std::string& id) {
    auto talk = std::make_unique<Talk>();
    talk->session.drop = [publication = &talk->publication] { publication->reset(); };
    talk->offer = talk->client->offer();
    auto opened = Publication::open(registry_, id, "Ann", "client", *read_offer(talk->offer), talk->session);
    EXPECT_TRUE(opened);
    talk->publication = std::move(*opened);
    return talk;
  }
  /// The same with a client that is connected, and silent.
  std::unique_ptr<Talk> connect(const std::string& id) {
    auto talk = open(id);
    run_until([&talk] { return !talk->session.descriptions.empty(); });
    talk->client->accept(talk->session.descriptions.front());
    run_until([&talk] { return talk->client->is_connected(); });
    return talk;
  }
  /// The same with a client that talks, and is live.
  std::unique_ptr<Talk> talk(const std::string& id) {
    auto talk = connect(id);
    talk->client->pass_voice();
    run_until([this, &id] { return registry_.find(id) != nullptr; });
    return talk;
  }

  /// An offer of the same connection from another network (RFC 8445 §9).
  static RemoteDescription restarted(RemoteDescription offer) {
    offer.ice_ufrag = "anotherufrag";
    offer.ice_pwd = "anotherpasswordof24chars";
    return offer;
  }

  MediaConfig media_;
  StreamRegistry registry_{media_};
  std::vector<std::string> announced_;  ///< "+ID" of an available stream, "-ID" of an ended one

 private:
  void on_stream_available(const std::string& id) override { announced_.push_back("+" + id); }
  void on_stream_ended(const std::string& id) override { announced_.push_back("-" + id); }
};

/// The texts of pipelines/, with one of them replaced.
inline PipelineTexts texts_with(const std::string& name, const std::string& text) {
  const GUnique<char> made(g_dir_make_tmp("voicecast-texts-XXXXXX", nullptr));
  const std::filesystem::path directory(made.get());
  std::filesystem::copy(VOICECAST_SOURCE_DIR "/pipelines", directory);
  EXPECT_TRUE(g_file_set_contents((directory / (name + ".launch")).c_str(), text.c_str(), -1, nullptr));
  auto texts = PipelineTexts::load(directory);
  std::filesystem::remove_all(directory);
  EXPECT_TRUE(texts) << texts.error().message;
  return std::move(*texts);
}

}  // namespace voicecast
