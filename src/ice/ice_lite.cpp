// SPDX-License-Identifier: MIT
#include "ice/ice_lite.hpp"

#include <gst/webrtc/ice.h>
#include <gst/webrtc/webrtc.h>

#include "gst/compat.hpp"
#include "gst/gst.hpp"
#include "ice/ice_lite_credentials.hpp"
#include "ice/ice_lite_elements.hpp"

namespace voicecast {

template <>
struct Refs<GstWebRTCICETransport> : ObjectRefs {};
template <>
struct Refs<GstWebRTCICEStream> : ObjectRefs {};

namespace {

// --- The transport: webrtcbin's input and output of packets.

struct LiteTransport {
  GstWebRTCICETransport parent;
  struct Link* link;
};
struct LiteTransportClass {
  GstWebRTCICETransportClass parent_class;
};

G_DEFINE_TYPE(LiteTransport, lite_transport, GST_TYPE_WEBRTC_ICE_TRANSPORT)

/// Connects the session (on the port's thread) with the transport, which outlives it and closes it.
struct Link : IceSessionEvents {
  Link(GstWebRTCICETransport* owner, const std::shared_ptr<IcePath>& path)
      : transport(owner), session(std::make_shared<IceSession>(*this, path)), sink(make_ice_sink(path)) {}
  ~Link() override { session->close(); }

  void on_packet(std::span<const std::uint8_t> packet) override { give_packet(source.get(), packet); }
  void on_state(State state) override {
    if (state == State::connected) set(GST_WEBRTC_ICE_CONNECTION_STATE_CONNECTED);
    if (state == State::nominated) set(GST_WEBRTC_ICE_CONNECTION_STATE_COMPLETED);
    if (state == State::failed) set(GST_WEBRTC_ICE_CONNECTION_STATE_FAILED);
  }
  void set(GstWebRTCICEConnectionState state) {
    gst_webrtc_ice_transport_connection_state_change(transport, state);
    if (state == GST_WEBRTC_ICE_CONNECTION_STATE_COMPLETED) gst_webrtc_ice_transport_selected_pair_change(transport);
  }

  GstWebRTCICETransport* transport;
  std::shared_ptr<IceSession> session;
  GPtr<GstElement> source = make_ice_source(session), sink;
};

void lite_transport_init(LiteTransport*) {}

GPtr<GstWebRTCICETransport> make_transport(const std::shared_ptr<IcePath>& path) {
  auto transport = GPtr<GstWebRTCICETransport>::adopt(GST_WEBRTC_ICE_TRANSPORT(
      g_object_new(lite_transport_get_type(), "component", GST_WEBRTC_ICE_COMPONENT_RTP, nullptr)));
  auto* link = new Link(transport.get(), path);
  reinterpret_cast<LiteTransport*>(transport.get())->link = link;
  transport.get()->role = GST_WEBRTC_ICE_ROLE_CONTROLLED;
  transport.get()->src = link->source.get();
  transport.get()->sink = link->sink.get();
  return transport;
}

void lite_transport_dispose(GObject* object) noexcept {
  auto* self = reinterpret_cast<LiteTransport*>(object);
  delete std::exchange(self->link, nullptr);
  G_OBJECT_CLASS(lite_transport_parent_class)->dispose(object);
}

void lite_transport_class_init(LiteTransportClass* type) { G_OBJECT_CLASS(type)->dispose = lite_transport_dispose; }

// --- The stream: a wrapper of its transport.

struct LiteStream {
  GstWebRTCICEStream parent;
  GstWebRTCICETransport* transport;
};
struct LiteStreamClass {
  GstWebRTCICEStreamClass parent_class;
};

G_DEFINE_TYPE(LiteStream, lite_stream, GST_TYPE_WEBRTC_ICE_STREAM)

GstWebRTCICETransport* lite_stream_find_transport(GstWebRTCICEStream* stream, GstWebRTCICEComponent) noexcept {
  auto* transport = reinterpret_cast<LiteStream*>(stream)->transport;
  return GST_WEBRTC_ICE_TRANSPORT(gst_object_ref(transport));
}

gboolean lite_stream_gather(GstWebRTCICEStream*) noexcept { return TRUE; }  // the agent does it

void lite_stream_init(LiteStream*) {}

void lite_stream_dispose(GObject* object) noexcept {
  gst_object_replace(reinterpret_cast<GstObject**>(&reinterpret_cast<LiteStream*>(object)->transport), nullptr);
  G_OBJECT_CLASS(lite_stream_parent_class)->dispose(object);
}

void lite_stream_class_init(LiteStreamClass* type) {
  G_OBJECT_CLASS(type)->dispose = lite_stream_dispose;
  GST_WEBRTC_ICE_STREAM_CLASS(type)->find_transport = lite_stream_find_transport;
  GST_WEBRTC_ICE_STREAM_CLASS(type)->gather_candidates = lite_stream_gather;
}

// --- The agent

/// The state of an agent. webrtcbin's thread and the main thread use it one after the other; only close() may run
/// concurrently, on the thread that stops webrtcbin.
struct Lite {
  std::shared_ptr<IcePort> port;
  std::shared_ptr<IcePath> path = std::make_shared<IcePath>();
  IceLiteCredentials credentials{port};
  std::mutex mutex = {};
  GPtr<GstWebRTCICEStream> stream = {};  ///< set under the mutex
  GstWebRTCICEOnCandidateFunc on_candidate = nullptr;
  gpointer on_candidate_data = nullptr;
  GDestroyNotify on_candidate_notify = nullptr;
  guint session_id = 0;

  GstWebRTCICETransport* transport() const { return reinterpret_cast<LiteStream*>(stream.get())->transport; }
  std::shared_ptr<IceSession> session() {
    const std::lock_guard lock(mutex);
    return stream ? link()->session : nullptr;
  }
  Link* link() const { return reinterpret_cast<LiteTransport*>(transport())->link; }
  /// Closes the session: no further check is answered and no packet is accepted. Any thread.
  void close() {
    if (const auto open = session()) open->close();
    credentials.withdraw();
  }
};

struct LiteElement {
  GstWebRTCICE parent;
  Lite* lite;
};
struct LiteElementClass {
  GstWebRTCICEClass parent_class;
};

G_DEFINE_TYPE(LiteElement, lite_element, GST_TYPE_WEBRTC_ICE)

Lite& lite_of(gpointer agent) { return *static_cast<LiteElement*>(agent)->lite; }

GstWebRTCICEStream* add_stream(GstWebRTCICE* ice, guint session_id) noexcept {
  auto& lite = lite_of(ice);
  lite.session_id = session_id;
  auto stream = GPtr<GstWebRTCICEStream>::adopt(
      GST_WEBRTC_ICE_STREAM(g_object_new(lite_stream_get_type(), "stream-id", 1U, nullptr)));
  reinterpret_cast<LiteStream*>(stream.get())->transport = make_transport(lite.path).release();
  const std::lock_guard lock(lite.mutex);
  lite.stream = std::move(stream);
  auto given = lite.stream;
  return compat::webrtcbin_owns_ice_streams() ? given.release() : given.get();
}

GstWebRTCICETransport* find_transport(GstWebRTCICE*, GstWebRTCICEStream* stream, GstWebRTCICEComponent rtp) noexcept {
  return gst_webrtc_ice_stream_find_transport(stream, rtp);
}

gboolean gather_candidates(GstWebRTCICE* ice, GstWebRTCICEStream*) noexcept {
  auto& lite = lite_of(ice);
  auto* transport = lite.transport();
  if (transport->gathering_state == GST_WEBRTC_ICE_GATHERING_STATE_COMPLETE) return TRUE;
  for (const auto& candidate : lite.port->candidates())
    if (lite.on_candidate) lite.on_candidate(ice, lite.session_id, ("a=" + candidate).c_str(), lite.on_candidate_data);
  gst_webrtc_ice_transport_gathering_state_change(transport, GST_WEBRTC_ICE_GATHERING_STATE_COMPLETE);
  return TRUE;
}

/// Ignores webrtcbin's credentials (see IceAgent::credentials()).
gboolean set_local_credentials(GstWebRTCICE* ice, GstWebRTCICEStream*, const gchar*, const gchar*) noexcept {
  auto& lite = lite_of(ice);
  lite.credentials.renew(lite.link()->session);
  return TRUE;
}

// A lite agent makes no checks, so it ignores remote credentials, servers and candidates.
gboolean set_remote_credentials(GstWebRTCICE*, GstWebRTCICEStream*, const gchar*, const gchar*) noexcept {
  return TRUE;
}
gboolean add_turn_server(GstWebRTCICE*, const gchar*) noexcept { return FALSE; }
void set_server(GstWebRTCICE*, const gchar*) noexcept {}
gchar* get_server(GstWebRTCICE*) noexcept { return nullptr; }
void set_flag(GstWebRTCICE*, gboolean) noexcept {}
gboolean is_controller(GstWebRTCICE*) noexcept { return FALSE; }
void set_tos(GstWebRTCICE*, GstWebRTCICEStream*, guint) noexcept {}

void set_on_candidate(GstWebRTCICE* ice, GstWebRTCICEOnCandidateFunc callback, gpointer data,
                      GDestroyNotify notify) noexcept {
  auto& lite = lite_of(ice);
  if (lite.on_candidate_notify) lite.on_candidate_notify(lite.on_candidate_data);
  lite.on_candidate = callback;
  lite.on_candidate_data = data;
  lite.on_candidate_notify = notify;
}

// For webrtcbin's statistics only, which the server does not use.
GstWebRTCICECandidateStats** get_candidates(GstWebRTCICE*, GstWebRTCICEStream*) noexcept {
  return g_new0(GstWebRTCICECandidateStats*, 1);
}
gboolean get_selected_pair(GstWebRTCICE*, GstWebRTCICEStream*, GstWebRTCICECandidateStats** local,
                           GstWebRTCICECandidateStats** remote) noexcept {
  *local = *remote = nullptr;
  return FALSE;
}

void lite_element_finalize(GObject* object) noexcept {
  auto* self = reinterpret_cast<LiteElement*>(object);
  if (self->lite) {
    self->lite->close();
    set_on_candidate(&self->parent, nullptr, nullptr, nullptr);
    delete self->lite;
  }
  G_OBJECT_CLASS(lite_element_parent_class)->finalize(object);
}

void close_agent(GstWebRTCICE* ice) { lite_of(ice).close(); }

void lite_element_class_init(LiteElementClass* type) {
  G_OBJECT_CLASS(type)->finalize = lite_element_finalize;
  auto* ice = GST_WEBRTC_ICE_CLASS(type);
  ice->add_stream = add_stream;
  ice->find_transport = find_transport;
  ice->gather_candidates = gather_candidates;
  compat::ignore_candidates(ice);
  ice->set_local_credentials = set_local_credentials;
  ice->set_remote_credentials = set_remote_credentials;
  ice->add_turn_server = add_turn_server;
  ice->set_is_controller = set_flag;
  ice->get_is_controller = is_controller;
  ice->set_force_relay = set_flag;
  ice->set_stun_server = set_server;
  ice->get_stun_server = get_server;
  ice->set_turn_server = set_server;
  ice->get_turn_server = get_server;
  ice->set_http_proxy = set_server;
  ice->get_http_proxy = get_server;
  ice->set_tos = set_tos;
  ice->set_on_ice_candidate = set_on_candidate;
  ice->get_local_candidates = get_candidates;
  ice->get_remote_candidates = get_candidates;
  ice->get_selected_pair = get_selected_pair;
  compat::set_close<close_agent>(ice);
}

void lite_element_init(LiteElement*) {}

class LiteAgent : public WebrtcbinIceAgent {
 public:
  explicit LiteAgent(std::shared_ptr<IcePort> port)
      : element_(
            GPtr<GstWebRTCICE>::adopt(GST_WEBRTC_ICE(g_object_new(lite_element_get_type(), "name", "ice", nullptr)))) {
    reinterpret_cast<LiteElement*>(element_.get())->lite = new Lite{std::move(port)};
  }

  GstWebRTCICE* element() const override { return element_.get(); }
  bool is_lite() const override { return true; }
  std::optional<IceParameters> credentials() const override { return lite().credentials.last(); }
  std::vector<std::string> candidates() const override { return lite().port->candidates(); }
  std::shared_ptr<IcePath> path() override { return path_with_sockets(lite().port, lite().path); }
  Result<IceParameters> restart(const IceParameters&) override {
    return lite().credentials.renew(lite().link()->session);
  }
  void confirm_consent() override {
    if (const auto session = lite().session()) session->confirm();
  }

 private:
  Lite& lite() const { return lite_of(element_.get()); }

  GPtr<GstWebRTCICE> element_;
};

}  // namespace

std::unique_ptr<WebrtcbinIceAgent> make_ice_lite(std::shared_ptr<IcePort> port) {
  register_ice_elements();
  return std::make_unique<LiteAgent>(std::move(port));
}

}  // namespace voicecast
