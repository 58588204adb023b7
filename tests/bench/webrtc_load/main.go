// SPDX-License-Identifier: MIT

// Feeds WebRTC servers with a voice and listens to it, as cheaply as it can, and measures what comes.
//
//	webrtc_load voicecast|janus|relay URL VOICE.ogg
//
// Commands are lines of JSON on standard input, each answered by one on standard output:
//
//	{"do":"publish","count":1}                            {"streams":["..."]}
//	{"do":"join","streams":["..."],"count":9,"at_once":5} {"join_ms":[...],"seconds":0.4}
//	{"do":"count"}                                        what came since the last time, one figure for each listener
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"log"
	"os"
	"sync"
	"syscall"
	"time"
)

type command struct {
	Do      string
	Streams []string
	Count   int
	AtOnce  int `json:"at_once"`
}

type joined struct {
	JoinMs  []float64 `json:"join_ms"`
	Seconds float64   `json:"seconds"`
}

type counted struct {
	Packets    []int     `json:"packets"`
	Lost       []int     `json:"lost"`
	DelaysMs   []float64 `json:"delays_ms"`
	CPUSeconds float64   `json:"cpu_seconds"`
}

func must(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// join adds listeners, some at a time, and gives how long each waited for its first packet.
func join(server server, feed *feed, c command) (added []*listener, answer joined) {
	added = make([]*listener, c.Count)
	answer.JoinMs = make([]float64, c.Count)
	turn, all := make(chan bool, c.AtOnce), sync.WaitGroup{}
	start := time.Now()
	for i := 0; i < c.Count; i++ {
		turn <- true
		all.Add(1)
		go func(i int) {
			defer all.Done()
			began := time.Now()
			added[i] = listen(server, c.Streams[i%len(c.Streams)], feed)
			answer.JoinMs[i] = milliseconds(added[i].waitForFirst().Sub(began))
			<-turn
		}(i)
	}
	all.Wait()
	answer.Seconds = time.Since(start).Seconds()
	return added, answer
}

func cpuSeconds() float64 {
	var usage syscall.Rusage
	must(syscall.Getrusage(syscall.RUSAGE_SELF, &usage))
	return float64(usage.Utime.Sec+usage.Stime.Sec) + float64(usage.Utime.Usec+usage.Stime.Usec)/1e6
}

func count(listeners []*listener) counted {
	answer := counted{DelaysMs: []float64{}, CPUSeconds: cpuSeconds()}
	for _, one := range listeners {
		packets, lost, delays := one.collect()
		answer.Packets = append(answer.Packets, packets)
		answer.Lost = append(answer.Lost, lost)
		for _, delay := range delays {
			answer.DelaysMs = append(answer.DelaysMs, milliseconds(delay))
		}
	}
	return answer
}

func main() {
	if len(os.Args) != 4 {
		log.Fatal("usage: webrtc_load voicecast|janus|relay URL VOICE.ogg")
	}
	server := serverOf(os.Args[1], os.Args[2])
	feed := newFeed(os.Args[3])
	var listeners []*listener
	for lines := bufio.NewScanner(os.Stdin); lines.Scan(); {
		var c command
		must(json.Unmarshal(lines.Bytes(), &c))
		var answer interface{}
		switch c.Do {
		case "publish":
			streams := make([]string, c.Count)
			for i := range streams {
				write, stream := server.publish(i)
				feed.to(write)
				streams[i] = stream()
			}
			answer = map[string][]string{"streams": streams}
		case "join":
			var added []*listener
			added, answer = join(server, feed, c)
			listeners = append(listeners, added...)
		case "count":
			answer = count(listeners)
		default:
			log.Fatalf("no such command: %q", c.Do)
		}
		text, err := json.Marshal(answer)
		must(err)
		fmt.Println(string(text))
	}
}
