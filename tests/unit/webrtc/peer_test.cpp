// SPDX-License-Identifier: MIT
#include "webrtc/peer.hpp"

#include <gst/gst.h>
#include <gtest/gtest.h>

#include <future>

#include "base/background.hpp"
#include "gst/gst.hpp"
#include "ice/ice_full.hpp"
#include "ice/ice_lite.hpp"
#include "ice/ice_port.hpp"

namespace voicecast {
namespace {

struct NoEvents : PeerEvents {
  void on_local_description(LocalDescription) override {}
  void on_local_candidate(const std::string&) override {}
  void on_connected() override {}
  void on_failed(const Error& reason) override { ADD_FAILURE() << reason.message; }
};

/// Runs what is posted and what waits for the background thread, which frees agents.
void finish_work() {
  while (g_main_context_iteration(nullptr, FALSE)) {
  }
  std::promise<void> done;
  in_background("a test", [&done] { done.set_value(); });
  done.get_future().wait();
}

/// Makes a peer on `agent`, starts and stops its webrtcbin if `runs`, and drops it. Gives the number of references to
/// the agent's element that are left: 0 if each owner dropped its own, less if one dropped what it did not have.
int references_left(std::unique_ptr<WebrtcbinIceAgent> agent, bool runs) {
  // The second one keeps the element alive if a reference is missing.
  const auto element = GPtr<GstWebRTCICE>::share(agent->element()), spare = element;
  NoEvents events;
  auto peer = Peer::create("peer", std::move(agent), 200, events);
  if (!peer) {
    ADD_FAILURE() << peer.error().message;
    return 0;
  }
  if (runs) {
    gst_element_set_state((*peer)->element(), GST_STATE_READY);
    gst_element_set_state((*peer)->element(), GST_STATE_NULL);
  }
  (*peer).reset();
  finish_work();
  const int left = static_cast<int>(G_OBJECT(element.get())->ref_count) - 2;
  if (left < 0) g_object_ref(element.get());
  return left;
}

/// webrtcbin drops a reference to its agent that it did not take, in the versions that docs/versions.md names. This
/// fails on a version that differs from what the server detects.
TEST(Peer, ReleasesItsAgentOnce) {
  gst_init(nullptr, nullptr);
  auto port = IcePort::open({"127.0.0.1"}, 0);
  ASSERT_TRUE(port) << port.error().message;
  for (const bool runs : {false, true}) {
    EXPECT_EQ(references_left(make_ice_lite(*port), runs), 0) << "lite, runs: " << runs;
    EXPECT_EQ(references_left(make_ice_full({}), runs), 0) << "full, runs: " << runs;
  }
}

}  // namespace
}  // namespace voicecast
