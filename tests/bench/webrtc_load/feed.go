// SPDX-License-Identifier: MIT

package main

import (
	"hash/fnv"
	"io"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/pion/rtp"
	"github.com/pion/webrtc/v3/pkg/media/oggreader"
)

const (
	frame        = 20 * time.Millisecond
	frameSamples = 960
	payloadType  = 111
)

// feed sends one voice, over and over, to all who are to publish it, and remembers when.
type feed struct {
	payloads [][]byte

	mutex   sync.Mutex
	writers []func(*rtp.Packet)
	sent    map[uint64]time.Time // by payload
}

func newFeed(path string) *feed {
	f := &feed{sent: map[uint64]time.Time{}}
	file, err := os.Open(path)
	must(err)
	defer file.Close()
	pages, _, err := oggreader.NewWith(file)
	must(err)
	for {
		packet, _, err := pages.ParseNextPage()
		if err == io.EOF {
			break
		}
		must(err)
		if !strings.HasPrefix(string(packet), "OpusTags") {
			f.payloads = append(f.payloads, packet)
		}
	}
	return f
}

// to adds one who publishes the voice; the first one starts it.
func (f *feed) to(write func(*rtp.Packet)) {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	f.writers = append(f.writers, write)
	if len(f.writers) == 1 {
		go f.run()
	}
}

func (f *feed) run() {
	clock := time.NewTicker(frame)
	for number := 0; ; number++ {
		<-clock.C
		payload := f.payloads[number%len(f.payloads)]
		packet := rtp.Packet{Payload: payload}
		packet.Version = 2
		packet.PayloadType = payloadType
		packet.SequenceNumber = uint16(number)
		packet.Timestamp = uint32(number) * frameSamples
		f.mutex.Lock()
		f.sent[key(payload)] = time.Now()
		writers := f.writers
		f.mutex.Unlock()
		for i, write := range writers {
			packet.SSRC = 1000 + uint32(i)
			write(&packet)
		}
	}
}

// delay of a payload that has come, if this feed sent it: one that was encoded anew is another.
func (f *feed) delay(payload []byte, now time.Time) (time.Duration, bool) {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	sent, isKnown := f.sent[key(payload)]
	return now.Sub(sent), isKnown
}

func key(payload []byte) uint64 {
	hash := fnv.New64a()
	hash.Write(payload)
	return hash.Sum64()
}
