# SPDX-License-Identifier: MIT
"""Ten ICE restarts at once, then one per 10 s: more are refused, and the connection is unchanged."""

import re

import pytest
from voicecast_client.whip import assert_problem, fragment

pytestmark = pytest.mark.shared_server

AT_ONCE = 10
TOO_MANY = "too many ICE restarts: try again in 10 s"


def with_ufrag(ufrag):
    return lambda text: re.sub(r"a=ice-ufrag:\S+", f"a=ice-ufrag:{ufrag}", text).replace("setup:active", "setup:actpass")


async def restart_by_websocket(peer):
    for number in range(AT_ONCE):
        offer = with_ufrag(f"again{number}")(peer.pc.localDescription.sdp)
        await peer.client.send("webrtc_offer", offer={"type": "offer", "sdp": offer})
        await peer.client.expect("webrtc_answer")
    await peer.client.send("webrtc_offer", offer={"type": "offer", "sdp": with_ufrag("more")(offer)})
    await peer.client.expect_error(f"Server error: {TOO_MANY}")


async def test_sender(studio):
    sender = await studio.sender()
    await restart_by_websocket(sender)
    assert await sender.client.streams() == [sender.stream_id]


async def test_receiver(studio):
    sender = await studio.sender()
    receiver = await studio.receiver(decode=False)
    await restart_by_websocket(receiver)
    (stream,) = (await studio.get_json("/stream/status"))["details"]
    assert (stream["id"], stream["webrtc_listeners"]) == (sender.stream_id, 1)


async def test_whip_session(studio):
    sender = await studio.whip_sender()
    for number in range(AT_ONCE):
        answer = await sender.patch(fragment("0", f"again{number}", "P2uYro0UCOQ4zxjKXaWCBui1"), If_Match='"*"')
        assert answer.status == 200
    refusal = await sender.patch(fragment("0", "more", "P2uYro0UCOQ4zxjKXaWCBui1"), If_Match='"*"')
    assert_problem(refusal, 503, TOO_MANY)
    assert refusal.headers["Retry-After"] == "10"
    assert (await sender.ask("GET", sender.session)).status == 204
    trickled = fragment("0", "again9", "P2uYro0UCOQ4zxjKXaWCBui1", "a=end-of-candidates")
    assert (await sender.patch(trickled, If_Match=answer.headers["ETag"])).status == 204
