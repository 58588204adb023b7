// SPDX-License-Identifier: MIT
#include "ice/ice_full.hpp"

#include <gst/webrtc/nice/nice.h>
#include <netinet/in.h>
#include <nice/agent.h>

#include <cstring>

#include "access/secret_id.hpp"
#include "base/background.hpp"
#include "base/gio.hpp"
#include "base/log.hpp"
#include "base/signal.hpp"
#include "gst/gst.hpp"
#include "ice/ice_sockets.hpp"
#include "sdp/candidate.hpp"

namespace voicecast {
namespace {

/// A webrtcbin with one m-line has one ICE stream, and libnice counts from 1; with rtcp-mux it has one component.
constexpr guint stream_id = 1, component_id = NICE_COMPONENT_TYPE_RTP;

GPtr<GObject> nice_agent_of(GstWebRTCICE* ice) {
  GObject* raw = nullptr;
  g_object_get(ice, "agent", &raw, nullptr);
  return GPtr<GObject>::adopt(raw);
}

void add_remote_candidates(NiceAgent* nice, const std::vector<std::string>& candidates) {
  GSList* list = nullptr;
  for (const auto& text : candidates) {
    auto* candidate = nice_agent_parse_remote_candidate_sdp(nice, stream_id, ("a=" + text).c_str());
    if (candidate) list = g_slist_prepend(list, candidate);
  }
  nice_agent_set_remote_candidates(nice, stream_id, component_id, list);
  g_slist_free_full(list, [](gpointer candidate) { nice_candidate_free(static_cast<NiceCandidate*>(candidate)); });
}

/// Excludes peer-reflexive candidates, and link-local IPv6 addresses: they need a zone, which a candidate cannot carry.
bool may_be_told(const NiceCandidate& candidate) {
  const bool needs_zone =
      nice_address_ip_version(&candidate.addr) == 6 && IN6_IS_ADDR_LINKLOCAL(&candidate.addr.s.ip6.sin6_addr);
  return candidate.type != NICE_CANDIDATE_TYPE_PEER_REFLEXIVE && !needs_zone;
}

std::string escaped(const std::string& text) {
  return GUnique<char>(g_uri_escape_string(text.c_str(), nullptr, FALSE)).get();
}

/// Keeps the agent, and so its sockets, while the path is in use.
struct FollowedPath {
  GPtr<GstWebRTCICE> agent;
  IcePath path;
  std::optional<Connection> selected;
};

/// A direct path, where libnice would only call sendto(). Runs on libnice's thread, without its lock.
IcePath::Way way_to(NiceAgent* nice, const NiceCandidate& remote) {
  const auto socket = GPtr<GSocket>::adopt(nice_agent_get_selected_socket(nice, stream_id, component_id));
  if (!socket)
    return IcePath::Send([nice](std::span<const std::uint8_t> packet) {
      nice_agent_send(nice, stream_id, component_id, static_cast<guint>(packet.size()),
                      reinterpret_cast<const char*>(packet.data()));
    });
  UdpPath path;
  path.socket = g_socket_get_fd(socket.get());
  nice_address_copy_to_sockaddr(&remote.addr, reinterpret_cast<sockaddr*>(&path.address));
  path.address_size = nice_address_ip_version(&remote.addr) == 4 ? sizeof(sockaddr_in) : sizeof(sockaddr_in6);
  return path;
}

/// The URI in GStreamer's format: with two slashes and the credentials. Without a transport GStreamer would try UDP and
/// TCP, but clients default to UDP.
std::string gst_uri_of(const IceServer& server) {
  const auto login = server.username.empty() ? "" : escaped(server.username) + ':' + escaped(server.credential) + '@';
  const auto transport = server.scheme == "stun"    ? ""
                         : server.transport.empty() ? "?transport=udp"
                                                    : "?transport=" + server.transport;
  return server.scheme + "://" + login + authority_of(server) + transport;
}

GPtr<GstWebRTCICE> make_nice(const IceConfig& config) {
  auto ice = GPtr<GstWebRTCICE>::adopt(GST_WEBRTC_ICE(gst_webrtc_nice_new("ice")));
  const auto nice = nice_agent_of(ice.get());
  // The default keepalives are indications, which have no response; connectivity checks detect after 50 s that the peer
  // is gone. (RFC 7675 is a constructor option of the agent, which GStreamer 1.22 does not set.)
  g_object_set(nice.get(), "upnp", FALSE, "ice-tcp", FALSE, "keepalive-conncheck", TRUE, nullptr);
  for (const auto& address : wanted_addresses(config.addresses)()) {
    gboolean added = FALSE;
    g_signal_emit_by_name(ice.get(), "add-local-ip-address", address.c_str(), &added);
    if (!added) log_warning("the address " + address + " cannot be used by the ICE agent (--ice-address)");
  }
  if (config.ports)
    g_object_set(ice.get(), "min-rtp-port", guint{config.ports->min}, "max-rtp-port", guint{config.ports->max},
                 nullptr);
  if (config.stun_server) gst_webrtc_ice_set_stun_server(ice.get(), gst_uri_of(*config.stun_server).c_str());
  for (const auto& server : config.turn_servers)
    if (!gst_webrtc_ice_add_turn_server(ice.get(), gst_uri_of(server).c_str()))
      log_warning("--turn-server " + uri_of(server) + " cannot be used by the ICE agent");
  return ice;
}

class FullAgent : public WebrtcbinIceAgent {
 public:
  explicit FullAgent(GPtr<GstWebRTCICE> ice) : ice_(std::move(ice)), nice_(nice_agent_of(ice_.get())) {}
  /// In the background, because freeing an agent waits for its thread.
  ~FullAgent() override {
    auto* held = new std::pair(std::move(ice_), std::move(nice_));
    in_background("freeing an ICE agent", [held] { delete held; });
  }

  GstWebRTCICE* element() const override { return ice_.get(); }
  bool is_lite() const override { return false; }
  std::optional<IceParameters> credentials() const override { return std::nullopt; }
  std::vector<std::string> candidates() const override;
  std::shared_ptr<IcePath> path() override;
  Result<IceParameters> restart(const IceParameters& remote) override;
  void confirm_consent() override {}  // libnice checks consent itself

 private:
  NiceAgent* nice() const { return NICE_AGENT(nice_.get()); }

  GPtr<GstWebRTCICE> ice_;
  GPtr<GObject> nice_;
};

std::vector<std::string> FullAgent::candidates() const {
  std::vector<std::string> texts;
  GSList* found = nice_agent_get_local_candidates(nice(), stream_id, component_id);
  for (GSList* item = found; item; item = item->next) {
    auto* candidate = static_cast<NiceCandidate*>(item->data);
    if (may_be_told(*candidate)) {
      const GUnique<char> attribute(nice_agent_generate_local_candidate_sdp(nice(), candidate));
      texts.emplace_back(attribute.get() + std::strlen("a="));
    }
    nice_candidate_free(candidate);
  }
  g_slist_free(found);
  return ranked_as_listed(texts);
}

std::shared_ptr<IcePath> FullAgent::path() {
  const std::shared_ptr<FollowedPath> followed(new FollowedPath{ice_, {}, {}}, [](FollowedPath* path) {
    in_background("freeing an ICE agent", [path] { delete path; });
  });
  followed->selected.emplace(
      nice_.get(), "new-selected-pair-full",
      [weak = std::weak_ptr(followed)](NiceAgent* chooser, guint, guint, NiceCandidate*, NiceCandidate* remote) {
        if (const auto alive = weak.lock()) alive->path.set(way_to(chooser, *remote));
      });
  return {followed, &followed->path};
}

Result<IceParameters> FullAgent::restart(const IceParameters& remote) {
  // libnice 0.1.21's own credentials would differ from webrtcbin's in the first letters only.
  IceParameters local{new_secret_id(), new_secret_id(), {}};
  if (!nice_agent_restart_stream(nice(), stream_id) ||
      !nice_agent_set_local_credentials(nice(), stream_id, local.ufrag.c_str(), local.pwd.c_str()))
    return Error{ErrorCode::failed, "the ICE agent cannot restart ICE"};
  nice_agent_set_remote_credentials(nice(), stream_id, remote.ufrag.c_str(), remote.pwd.c_str());
  add_remote_candidates(nice(), remote.candidates);
  return local;
}

}  // namespace

std::unique_ptr<WebrtcbinIceAgent> make_ice_full(const IceConfig& config) {
  return std::make_unique<FullAgent>(make_nice(config));
}

}  // namespace voicecast
