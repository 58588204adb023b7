// SPDX-License-Identifier: MIT

package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/url"

	"github.com/pion/rtp"
	"github.com/pion/webrtc/v3"
	"golang.org/x/net/websocket"
)

// server is how one of them is talked to.
type server interface {
	// publish gives where to write a stream's packets, and a function that waits for its name.
	publish(number int) (write func(*rtp.Packet), stream func() string)
	// listen settles all that a peer connection needs to hear a stream.
	listen(peer *webrtc.PeerConnection, stream string)
}

func serverOf(kind, address string) server {
	switch kind {
	case "voicecast":
		return voicecast{address}
	case "janus":
		return janus{address}
	case "relay":
		return relay{address}
	}
	log.Fatalf("no such server: %q", kind)
	return nil
}

func dial(address, protocol string) *websocket.Conn {
	parts, err := url.Parse(address)
	must(err)
	socket, err := websocket.Dial(address, protocol, "http://"+parts.Host)
	must(err)
	return socket
}

// gathered gives the local description when all candidates are in it.
func gathered(peer *webrtc.PeerConnection, description webrtc.SessionDescription) *webrtc.SessionDescription {
	done := webrtc.GatheringCompletePromise(peer)
	must(peer.SetLocalDescription(description))
	<-done
	return peer.LocalDescription()
}

func answerTo(peer *webrtc.PeerConnection, offer webrtc.SessionDescription) *webrtc.SessionDescription {
	must(peer.SetRemoteDescription(offer))
	answer, err := peer.CreateAnswer(nil)
	must(err)
	return gathered(peer, answer)
}

// sendingTrack gives a peer connection with a voice to send, and where to write it.
func sendingTrack() (*webrtc.PeerConnection, func(*rtp.Packet)) {
	peer := newPeer()
	track, err := webrtc.NewTrackLocalStaticRTP(
		webrtc.RTPCodecCapability{MimeType: webrtc.MimeTypeOpus}, "voice", "load")
	must(err)
	_, err = peer.AddTrack(track)
	must(err)
	return peer, func(packet *rtp.Packet) { must(track.WriteRTP(packet)) }
}

type voicecast struct{ address string }

type message struct {
	Type         string                     `json:"type"`
	StreamID     string                     `json:"stream_id,omitempty"`
	ConnectionID string                     `json:"connection_id,omitempty"`
	Message      string                     `json:"message,omitempty"`
	Offer        *webrtc.SessionDescription `json:"offer,omitempty"`
	Answer       *webrtc.SessionDescription `json:"answer,omitempty"`
}

func expect(socket *websocket.Conn, kind string) message {
	for {
		var m message
		must(websocket.JSON.Receive(socket, &m))
		if m.Type == "error" {
			log.Fatal(m.Message)
		}
		if m.Type == kind {
			return m
		}
	}
}

// readOn keeps what is not looked at from filling the socket.
func readOn(socket *websocket.Conn) { go io.Copy(io.Discard, socket) }

func (v voicecast) publish(int) (func(*rtp.Packet), func() string) {
	socket := dial(v.address, "")
	peer, write := sendingTrack()
	must(websocket.JSON.Send(socket, message{Type: "start_sending"}))
	id := "stream_" + expect(socket, "sender_ready").ConnectionID
	offer, err := peer.CreateOffer(nil)
	must(err)
	must(websocket.JSON.Send(socket, message{Type: "webrtc_offer", Offer: gathered(peer, offer)}))
	must(peer.SetRemoteDescription(*expect(socket, "webrtc_answer").Answer))
	return write, func() string {
		for expect(socket, "stream_available").StreamID != id {
		}
		readOn(socket)
		return id
	}
}

func (v voicecast) listen(peer *webrtc.PeerConnection, stream string) {
	socket := dial(v.address, "")
	must(websocket.JSON.Send(socket, message{Type: "start_receiving", StreamID: stream}))
	answer := answerTo(peer, *expect(socket, "webrtc_offer").Offer)
	must(websocket.JSON.Send(socket, message{Type: "webrtc_answer", Answer: answer}))
	readOn(socket)
}

// janus has a mountpoint of its streaming plugin for each stream, whose number is the UDP port that it listens at.
type janus struct{ address string }

const (
	firstMountpoint = 20000
	mountpointStep  = 2 // the next port is for RTCP
)

type janusMessage struct {
	Janus       string                     `json:"janus"`
	Transaction string                     `json:"transaction"`
	SessionID   uint64                     `json:"session_id,omitempty"`
	HandleID    uint64                     `json:"handle_id,omitempty"`
	Plugin      string                     `json:"plugin,omitempty"`
	Body        map[string]interface{}     `json:"body,omitempty"`
	Jsep        *webrtc.SessionDescription `json:"jsep,omitempty"`
	Data        struct {
		ID uint64 `json:"id"`
	} `json:"data"`
	Error json.RawMessage `json:"error,omitempty"`
}

func janusReply(socket *websocket.Conn, isWanted func(janusMessage) bool) janusMessage {
	for {
		var m janusMessage
		must(websocket.JSON.Receive(socket, &m))
		if m.Error != nil {
			log.Fatalf("janus: %s", m.Error)
		}
		if isWanted(m) {
			return m
		}
	}
}

func (j janus) publish(number int) (func(*rtp.Packet), func() string) {
	parts, err := url.Parse(j.address)
	must(err)
	port := firstMountpoint + mountpointStep*number
	socket, err := net.Dial("udp", fmt.Sprintf("%s:%d", parts.Hostname(), port))
	must(err)
	write := func(packet *rtp.Packet) {
		text, err := packet.Marshal()
		must(err)
		socket.Write(text) // refused until its mountpoint is there
	}
	return write, func() string { return fmt.Sprint(port) }
}

func (j janus) listen(peer *webrtc.PeerConnection, stream string) {
	socket := dial(j.address, "janus-protocol")
	isSuccess := func(m janusMessage) bool { return m.Janus == "success" }
	ask := func(m janusMessage) {
		m.Transaction = "load"
		must(websocket.JSON.Send(socket, m))
	}
	ask(janusMessage{Janus: "create"})
	session := janusReply(socket, isSuccess).Data.ID
	ask(janusMessage{Janus: "attach", SessionID: session, Plugin: "janus.plugin.streaming"})
	handle := janusReply(socket, isSuccess).Data.ID
	body := map[string]interface{}{"request": "watch", "id": json.Number(stream)}
	ask(janusMessage{Janus: "message", SessionID: session, HandleID: handle, Body: body})
	offer := janusReply(socket, func(m janusMessage) bool { return m.Jsep != nil }).Jsep
	answer := answerTo(peer, *offer)
	body = map[string]interface{}{"request": "start"}
	ask(janusMessage{Janus: "message", SessionID: session, HandleID: handle, Body: body, Jsep: answer})
	readOn(socket)
}

// relay is tests/bench/aiortc_relay.py: an offer by HTTP, an answer, in both directions.
type relay struct{ address string }

func (r relay) post(path string, peer *webrtc.PeerConnection) {
	offer, err := peer.CreateOffer(nil)
	must(err)
	text, err := json.Marshal(gathered(peer, offer))
	must(err)
	response, err := http.Post(r.address+path, "application/json", bytes.NewReader(text))
	must(err)
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		log.Fatalf("relay: %s", response.Status)
	}
	var answer webrtc.SessionDescription
	must(json.NewDecoder(response.Body).Decode(&answer))
	must(peer.SetRemoteDescription(answer))
}

func (r relay) publish(number int) (func(*rtp.Packet), func() string) {
	peer, write := sendingTrack()
	stream := fmt.Sprint(number)
	r.post("/publish/"+stream, peer)
	return write, func() string { return stream }
}

func (r relay) listen(peer *webrtc.PeerConnection, stream string) {
	_, err := peer.AddTransceiverFromKind(
		webrtc.RTPCodecTypeAudio, webrtc.RTPTransceiverInit{Direction: webrtc.RTPTransceiverDirectionRecvonly})
	must(err)
	r.post("/listen/"+stream, peer)
}
