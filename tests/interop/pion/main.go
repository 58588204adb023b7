// SPDX-License-Identifier: MIT

// A sender or receiver made of Pion, with trickle ICE in both directions.
//
//	pion send WEBSOCKET_URL TONE.ogg [OPTION]...
//	pion receive WEBSOCKET_URL STREAM_ID HEARD.ogg [OPTION]...
//	pion watch WHEP_URL HEARD.ogg [OPTION]...                   until standard input ends
//	pion offer [OPTION]...                                      prints a sender's offer
//
// Lines of JSON on standard output say what happens: {"event":"live","stream":...}, {"event":"connected"}.
// Commands, one a line on standard input: "restart" begins ICE anew; "stop" closes the file of what was heard.
package main

import (
	"bufio"
	"encoding/binary"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/pion/interceptor"
	"github.com/pion/rtp"
	"github.com/pion/transport/v2/stdnet"
	"github.com/pion/webrtc/v3"
	"github.com/pion/webrtc/v3/pkg/media"
	"github.com/pion/webrtc/v3/pkg/media/oggreader"
	"github.com/pion/webrtc/v3/pkg/media/oggwriter"
	"golang.org/x/net/websocket"
)

// The network interfaces, which Pion reads once.
var interfaces *stdnet.Net

const frame = 20 * time.Millisecond

type options struct {
	interfaces string
	dropEach   int
	nack       bool
	isTrickled bool
	hasPicture bool
}

type message struct {
	Type         string                     `json:"type"`
	StreamID     string                     `json:"stream_id,omitempty"`
	ConnectionID string                     `json:"connection_id,omitempty"`
	Message      string                     `json:"message,omitempty"`
	Offer        *webrtc.SessionDescription `json:"offer,omitempty"`
	Answer       *webrtc.SessionDescription `json:"answer,omitempty"`
	Candidate    *webrtc.ICECandidateInit   `json:"candidate,omitempty"`
}

func must(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

func say(event string, fields map[string]interface{}) {
	line := map[string]interface{}{"event": event}
	for key, value := range fields {
		line[key] = value
	}
	text, err := json.Marshal(line)
	must(err)
	fmt.Println(string(text))
}

// dropper loses packets on their first way, below the retransmissions: those that are sent and those that come.
type dropper struct {
	interceptor.NoOp
	each int
}

func (d *dropper) NewInterceptor(string) (interceptor.Interceptor, error) { return d, nil }

// shallLose tells of each number once that it is lost.
func (d *dropper) shallLose() func(number uint16) bool {
	seen := map[uint16]bool{}
	return func(number uint16) bool {
		isLost := int(number)%d.each == 0 && !seen[number]
		seen[number] = true
		return isLost
	}
}

func (d *dropper) BindLocalStream(_ *interceptor.StreamInfo, next interceptor.RTPWriter) interceptor.RTPWriter {
	isLost := d.shallLose()
	return interceptor.RTPWriterFunc(
		func(header *rtp.Header, payload []byte, attributes interceptor.Attributes) (int, error) {
			if isLost(header.SequenceNumber) {
				return len(payload), nil
			}
			return next.Write(header, payload, attributes)
		})
}

func (d *dropper) BindRemoteStream(_ *interceptor.StreamInfo, next interceptor.RTPReader) interceptor.RTPReader {
	isLost := d.shallLose()
	return interceptor.RTPReaderFunc(
		func(buffer []byte, attributes interceptor.Attributes) (int, interceptor.Attributes, error) {
			for {
				size, with, err := next.Read(buffer, attributes)
				if err != nil || size < 4 || !isLost(binary.BigEndian.Uint16(buffer[2:])) {
					return size, with, err
				}
			}
		})
}

func newPeer(o options) *webrtc.PeerConnection {
	engine, registry, settings := &webrtc.MediaEngine{}, &interceptor.Registry{}, webrtc.SettingEngine{}
	must(engine.RegisterDefaultCodecs())
	if o.nack {
		engine.RegisterFeedback(webrtc.RTCPFeedback{Type: "nack"}, webrtc.RTPCodecTypeAudio)
	}
	if o.dropEach > 0 {
		registry.Add(&dropper{each: o.dropEach})
		// Those that come are lost behind SRTP, which would refuse them the next time.
		settings.DisableSRTPReplayProtection(true)
	}
	must(webrtc.RegisterDefaultInterceptors(engine, registry))
	var err error
	interfaces, err = stdnet.NewNet()
	must(err)
	settings.SetNet(interfaces)
	if o.interfaces != "" {
		settings.SetInterfaceFilter(func(name string) bool {
			for _, wanted := range strings.Split(o.interfaces, ",") {
				if name == wanted {
					return true
				}
			}
			return false
		})
	} else {
		settings.SetIPFilter(func(ip net.IP) bool { return ip.IsLoopback() })
		settings.SetIncludeLoopbackCandidate(true)
	}
	api := webrtc.NewAPI(
		webrtc.WithMediaEngine(engine), webrtc.WithInterceptorRegistry(registry), webrtc.WithSettingEngine(settings))
	peer, err := api.NewPeerConnection(webrtc.Configuration{})
	must(err)
	return peer
}

// client is one WebSocket with one peer connection.
type client struct {
	socket *websocket.Conn
	peer   *webrtc.PeerConnection
	early  []webrtc.ICECandidateInit
	writes sync.Mutex
}

func connect(address string, peer *webrtc.PeerConnection) *client {
	parts, err := url.Parse(address)
	must(err)
	socket, err := websocket.Dial(address, "", "http://"+parts.Host)
	must(err)
	c := &client{socket: socket, peer: peer}
	peer.OnICECandidate(func(candidate *webrtc.ICECandidate) {
		init := webrtc.ICECandidateInit{}
		if candidate != nil {
			init = candidate.ToJSON()
		}
		c.send(message{Type: "ice_candidate", Candidate: &init})
	})
	peer.OnICEConnectionStateChange(func(state webrtc.ICEConnectionState) {
		say("ice", map[string]interface{}{"state": state.String()})
	})
	return c
}

func (c *client) send(m message) {
	c.writes.Lock()
	defer c.writes.Unlock()
	must(websocket.JSON.Send(c.socket, m))
}

// receive gives the next message that is not a candidate.
func (c *client) receive() message {
	for {
		var m message
		must(websocket.JSON.Receive(c.socket, &m))
		if m.Type == "error" {
			log.Fatal(m.Message)
		}
		if m.Type != "ice_candidate" {
			return m
		}
		if c.peer.RemoteDescription() == nil {
			c.early = append(c.early, *m.Candidate)
		} else {
			must(c.peer.AddICECandidate(*m.Candidate))
		}
	}
}

func (c *client) expect(kind string) message {
	for {
		if m := c.receive(); m.Type == kind {
			return m
		}
	}
}

func (c *client) setRemote(description *webrtc.SessionDescription) {
	must(c.peer.SetRemoteDescription(*description))
	for _, candidate := range c.early {
		must(c.peer.AddICECandidate(candidate))
	}
	c.early = nil
}

func (c *client) offer(o *webrtc.OfferOptions) {
	offer, err := c.peer.CreateOffer(o)
	must(err)
	must(c.peer.SetLocalDescription(offer))
	c.send(message{Type: "webrtc_offer", Offer: &offer})
}

func (c *client) follow(commands map[string]func()) {
	go func() {
		for {
			m := c.receive()
			switch m.Type {
			case "webrtc_answer":
				c.setRemote(m.Answer)
				say("restarted", nil)
			case "stream_ended":
				say("ended", map[string]interface{}{"stream": m.StreamID})
			}
		}
	}()
	for lines := bufio.NewScanner(os.Stdin); lines.Scan(); {
		if lines.Text() == "restart" {
			must(interfaces.UpdateInterfaces())
			c.offer(&webrtc.OfferOptions{ICERestart: true})
		} else if command := commands[lines.Text()]; command != nil {
			command()
		}
	}
}

func play(track *webrtc.TrackLocalStaticSample, path string) {
	clock := time.NewTicker(frame)
	for {
		file, err := os.Open(path)
		must(err)
		pages, _, err := oggreader.NewWith(file)
		must(err)
		for ; ; <-clock.C {
			packet, _, err := pages.ParseNextPage()
			if err == io.EOF {
				break
			}
			must(err)
			if strings.HasPrefix(string(packet), "OpusTags") {
				continue
			}
			must(track.WriteSample(media.Sample{Data: packet, Duration: frame}))
		}
		file.Close()
	}
}

func addTrack(peer *webrtc.PeerConnection) (*webrtc.TrackLocalStaticSample, *webrtc.RTPSender) {
	track, err := webrtc.NewTrackLocalStaticSample(
		webrtc.RTPCodecCapability{MimeType: webrtc.MimeTypeOpus}, "voice", "pion")
	must(err)
	sender, err := peer.AddTrack(track)
	must(err)
	return track, sender
}

func offer(o options) {
	peer := newPeer(o)
	addTrack(peer)
	offer, err := peer.CreateOffer(nil)
	must(err)
	fmt.Print(offer.SDP)
}

func send(address, tone string, o options) {
	peer := newPeer(o)
	track, sender := addTrack(peer)
	go func() { // the interceptors need somebody who reads
		for buffer := make([]byte, 1500); ; {
			if _, _, err := sender.Read(buffer); err != nil {
				return
			}
		}
	}()
	c := connect(address, peer)
	c.send(message{Type: "start_sending"})
	id := "stream_" + c.expect("sender_ready").ConnectionID
	c.offer(nil)
	answer := c.expect("webrtc_answer").Answer
	say("answer", map[string]interface{}{"sdp": answer.SDP})
	c.setRemote(answer)
	go play(track, tone)
	for c.expect("stream_available").StreamID != id {
	}
	say("live", map[string]interface{}{"stream": id})
	c.follow(nil)
}

// hear writes what comes into a file and tells how much it is; the function that it gives ends the file.
func hear(peer *webrtc.PeerConnection, heard string) func() {
	writer, err := oggwriter.New(heard, 48000, 2)
	must(err)
	var lock sync.Mutex
	packets, lost, last := 0, 0, uint16(0)
	peer.OnTrack(func(track *webrtc.TrackRemote, _ *webrtc.RTPReceiver) {
		for {
			packet, _, err := track.ReadRTP()
			if err != nil {
				return
			}
			lock.Lock()
			if packets == 0 {
				last = packet.SequenceNumber - 1
			}
			packets++
			if step := int(int16(packet.SequenceNumber - last)); step > 0 {
				lost, last = lost+step-1, packet.SequenceNumber
			} else { // it comes late
				lost--
			}
			must(writer.WriteRTP(packet))
			lock.Unlock()
			if packets%50 == 0 {
				say("packets", map[string]interface{}{"count": packets, "lost": lost})
			}
		}
	})
	return func() {
		lock.Lock()
		must(writer.Close())
		say("stopped", nil)
	}
}

func receive(address, stream, heard string, o options) {
	peer := newPeer(o)
	stop := hear(peer, heard)
	c := connect(address, peer)
	c.send(message{Type: "start_receiving", StreamID: stream})
	c.setRemote(c.expect("webrtc_offer").Offer)
	answer, err := peer.CreateAnswer(nil)
	must(err)
	must(peer.SetLocalDescription(answer))
	c.send(message{Type: "webrtc_answer", Answer: &answer})
	c.follow(map[string]func(){"stop": stop})
}

// whep is a session at a server.
type whep struct {
	url    *url.URL
	etag   string
	answer webrtc.SessionDescription
}

func request(method, address, contentType, body, etag string) *http.Response {
	request, err := http.NewRequest(method, address, strings.NewReader(body))
	must(err)
	if contentType != "" {
		request.Header.Set("Content-Type", contentType)
	}
	if etag != "" {
		request.Header.Set("If-Match", etag)
	}
	response, err := http.DefaultClient.Do(request)
	must(err)
	return response
}

func expectStatus(response *http.Response, wanted int) {
	if response.StatusCode != wanted {
		text, _ := io.ReadAll(response.Body)
		log.Fatalf("%s %s: %s %s", response.Request.Method, response.Request.URL, response.Status, text)
	}
}

func post(address, offer string) whep {
	response := request("POST", address, "application/sdp", offer, "")
	expectStatus(response, http.StatusCreated)
	location, err := response.Request.URL.Parse(response.Header.Get("Location"))
	must(err)
	answer, err := io.ReadAll(response.Body)
	must(err)
	return whep{location, response.Header.Get("ETag"), webrtc.SessionDescription{Type: webrtc.SDPTypeAnswer, SDP: string(answer)}}
}

// fragment has the candidate below the m-line of the offer that it is of (RFC 8840).
func fragment(offer string, candidate webrtc.ICECandidateInit) string {
	session, medias, index := "", "", -1
	for _, line := range strings.Split(offer, "\r\n") {
		isOfSession := strings.HasPrefix(line, "a=ice-ufrag:") || strings.HasPrefix(line, "a=ice-pwd:")
		if isOfSession && !strings.Contains(session, line) {
			session += line + "\r\n"
		}
		if strings.HasPrefix(line, "m=") {
			medias, index = medias+line+"\r\n", index+1
		}
		if strings.HasPrefix(line, "a=mid:") {
			medias += line + "\r\n"
			if index == int(*candidate.SDPMLineIndex) {
				medias += "a=" + candidate.Candidate + "\r\n"
			}
		}
	}
	return session + medias
}

// watch receives by WHEP until its standard input ends: with a picture in front, as relays ask that take both, and with
// trickle ICE or without, as one or the other does.
func watch(address, heard string, o options) {
	peer := newPeer(o)
	stop := hear(peer, heard)
	kinds := []webrtc.RTPCodecType{webrtc.RTPCodecTypeAudio}
	if o.hasPicture {
		kinds = []webrtc.RTPCodecType{webrtc.RTPCodecTypeVideo, webrtc.RTPCodecTypeAudio}
	}
	for _, kind := range kinds {
		_, err := peer.AddTransceiverFromKind(
			kind, webrtc.RTPTransceiverInit{Direction: webrtc.RTPTransceiverDirectionRecvonly})
		must(err)
	}
	candidates := make(chan webrtc.ICECandidateInit, 100)
	peer.OnICECandidate(func(candidate *webrtc.ICECandidate) {
		if candidate != nil {
			candidates <- candidate.ToJSON()
		}
	})
	peer.OnConnectionStateChange(func(state webrtc.PeerConnectionState) {
		say("connection", map[string]interface{}{"state": state.String()})
	})
	gathered := webrtc.GatheringCompletePromise(peer)
	offer, err := peer.CreateOffer(nil)
	must(err)
	if o.isTrickled {
		expectStatus(request("OPTIONS", address, "", "", ""), http.StatusOK)
	}
	must(peer.SetLocalDescription(offer))
	if !o.isTrickled {
		<-gathered
		offer = *peer.LocalDescription()
	}
	session := post(address, offer.SDP)
	must(peer.SetRemoteDescription(session.answer))
	if o.isTrickled {
		go func() {
			for candidate := range candidates {
				body := fragment(offer.SDP, candidate)
				answer := request("PATCH", session.url.String(), "application/trickle-ice-sdpfrag", body, session.etag)
				expectStatus(answer, http.StatusNoContent)
				say("trickled", nil)
			}
		}()
	}
	for lines := bufio.NewScanner(os.Stdin); lines.Scan(); {
		if lines.Text() == "stop" {
			expectStatus(request("DELETE", session.url.String(), "", "", ""), http.StatusOK)
			must(peer.Close())
			break
		}
	}
	stop()
}

func main() {
	var o options
	flags := flag.NewFlagSet("pion", flag.ExitOnError)
	flags.StringVar(&o.interfaces, "interfaces", "", "use these network interfaces; without it loopback")
	flags.IntVar(&o.dropEach, "drop-each", 0, "lose each such packet on its first way")
	flags.BoolVar(&o.nack, "nack", false, "offer to send lost packets again, and to ask for them")
	flags.BoolVar(&o.isTrickled, "trickle", false, "watch with trickle ICE")
	flags.BoolVar(&o.hasPicture, "picture", false, "watch with a picture in front")
	if len(os.Args) > 1 && os.Args[1] == "offer" {
		must(flags.Parse(os.Args[2:]))
		offer(o)
	} else if len(os.Args) > 4 && os.Args[1] == "receive" {
		must(flags.Parse(os.Args[5:]))
		receive(os.Args[2], os.Args[3], os.Args[4], o)
	} else if len(os.Args) > 3 && os.Args[1] == "watch" {
		must(flags.Parse(os.Args[4:]))
		watch(os.Args[2], os.Args[3], o)
	} else {
		must(flags.Parse(os.Args[4:]))
		send(os.Args[2], os.Args[3], o)
	}
}
