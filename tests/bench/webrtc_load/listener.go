// SPDX-License-Identifier: MIT

package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"sync"
	"time"

	"github.com/pion/ice/v2"
	"github.com/pion/interceptor"
	"github.com/pion/interceptor/pkg/report"
	"github.com/pion/rtp"
	"github.com/pion/webrtc/v3"
)

// listener is one peer connection that listens.
type listener struct {
	peer  *webrtc.PeerConnection
	first chan time.Time

	mutex         sync.Mutex
	packets, lost int
	last          uint16
	hasLast       bool
	delays        []time.Duration
}

var (
	apiOnce     sync.Once
	api         *webrtc.API
	certificate *webrtc.Certificate
)

// newPeer makes peer connections that report what they get, as browsers do, and do nothing else that costs.
func newPeer() *webrtc.PeerConnection {
	apiOnce.Do(func() {
		key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
		must(err)
		certificate, err = webrtc.GenerateCertificate(key)
		must(err)
		engine, registry, settings := &webrtc.MediaEngine{}, &interceptor.Registry{}, webrtc.SettingEngine{}
		must(engine.RegisterCodec(webrtc.RTPCodecParameters{
			RTPCodecCapability: webrtc.RTPCodecCapability{
				MimeType: webrtc.MimeTypeOpus, ClockRate: 48000, Channels: 2, SDPFmtpLine: "minptime=10;useinbandfec=1",
			},
			PayloadType: payloadType,
		}, webrtc.RTPCodecTypeAudio))
		reports, err := report.NewReceiverInterceptor()
		must(err)
		registry.Add(reports)
		settings.SetNetworkTypes([]webrtc.NetworkType{webrtc.NetworkTypeUDP4})
		settings.SetICEMulticastDNSMode(ice.MulticastDNSModeDisabled)
		api = webrtc.NewAPI(
			webrtc.WithMediaEngine(engine), webrtc.WithInterceptorRegistry(registry), webrtc.WithSettingEngine(settings))
	})
	peer, err := api.NewPeerConnection(webrtc.Configuration{Certificates: []webrtc.Certificate{*certificate}})
	must(err)
	return peer
}

func listen(server server, stream string, feed *feed) *listener {
	l := &listener{peer: newPeer(), first: make(chan time.Time, 1)}
	l.peer.OnTrack(func(track *webrtc.TrackRemote, receiver *webrtc.RTPReceiver) {
		go func() { // sender reports, for the interceptor
			for buffer := make([]byte, 1500); ; {
				if _, _, err := receiver.Read(buffer); err != nil {
					return
				}
			}
		}()
		l.read(track, feed)
	})
	server.listen(l.peer, stream)
	return l
}

func (l *listener) read(track *webrtc.TrackRemote, feed *feed) {
	buffer := make([]byte, 1500)
	var header rtp.Header
	for {
		size, _, err := track.Read(buffer)
		now := time.Now()
		if err != nil {
			return
		}
		start, err := header.Unmarshal(buffer[:size])
		must(err)
		delay, isKnown := feed.delay(buffer[start:size], now)
		l.mutex.Lock()
		if l.hasLast {
			l.lost += int(int16(header.SequenceNumber-l.last)) - 1
		} else {
			l.first <- now
		}
		l.hasLast, l.last = true, header.SequenceNumber
		l.packets++
		if isKnown {
			l.delays = append(l.delays, delay)
		}
		l.mutex.Unlock()
	}
}

func (l *listener) waitForFirst() time.Time { return <-l.first }

// collect gives what came since the last time.
func (l *listener) collect() (packets, lost int, delays []time.Duration) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	packets, lost, delays = l.packets, l.lost, l.delays
	l.packets, l.lost, l.delays = 0, 0, nil
	return
}
