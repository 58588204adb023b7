module voicecast/tests/interop/pion

go 1.19

require (
	github.com/pion/interceptor v0.1.12
	github.com/pion/rtp v1.7.13
	github.com/pion/transport/v2 v2.0.2
	github.com/pion/webrtc/v3 v3.1.56
	golang.org/x/net v0.7.0
)
