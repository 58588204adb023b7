# SPDX-License-Identifier: MIT
"""WHIP and WHEP clients with aiortc: offers by HTTP POST, and requests to the session."""

import asyncio
import json
from dataclasses import dataclass
from urllib.parse import urljoin

import aioice
import aiortc

from . import sdp
from .peer import same
from .receiver import Receiver
from .sender import Sender

FRAGMENT = "application/trickle-ice-sdpfrag"


@dataclass(frozen=True)
class Answer:
    status: int
    headers: object  # aiohttp's, which does not mind the case of names
    body: str

    @property
    def json(self):
        return json.loads(self.body)


class HttpMixin:
    """What both kinds have in common; `http` is an aiohttp session, `endpoint` the URL that offers go to."""

    def reach(self, http, endpoint, headers=None):
        self.http = http
        self.endpoint = endpoint
        self.headers = headers or {}
        self.answer = None

    async def ask(self, method, url, body=None, **headers):
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        async with self.http.request(method, url, data=body, headers={**self.headers, **named}) as response:
            return Answer(response.status, response.headers, await response.text())

    async def make_offer(self):
        await super().make_offer()
        transport = self.pc.getTransceivers()[0].sender.transport.transport
        switch = transport._connection = IceSwitch(transport._connection)
        transport._recv, transport._send = switch.recv, switch.send

    async def post(self, edit=same, edit_answer=same, content_type="application/sdp"):
        """Offers, and applies what comes back if it is an answer."""
        offer = edit(self.pc.localDescription.sdp)
        self.answer = await self.ask("POST", self.endpoint, offer, Content_Type=content_type)
        if self.answer.status == 201:
            await self.pc.setRemoteDescription(aiortc.RTCSessionDescription(edit_answer(self.answer.body), "answer"))
        return self.answer

    async def knock(self, edit=same):
        """Offers, and goes no further whatever the answer is."""
        await self.make_offer()
        offer = edit(self.pc.localDescription.sdp)
        self.answer = await self.ask("POST", self.endpoint, offer, Content_Type="application/sdp")
        return self.answer

    @property
    def session(self):
        return urljoin(self.endpoint, self.answer.headers["Location"])

    @property
    def etag(self):
        return self.answer.headers["ETag"]

    async def patch(self, body, **headers):
        return await self.ask("PATCH", self.session, body, **{"Content_Type": FRAGMENT, **headers})

    async def delete(self):
        return await self.ask("DELETE", self.session)

    @property
    def ufrag(self):
        return sdp.values(self.pc.localDescription.sdp, "ice-ufrag")[0]

    def fragment(self, *lines):
        """For the audio m-line of the ICE session that was offered."""
        pwd = sdp.values(self.pc.localDescription.sdp, "ice-pwd")[0]
        return fragment(self.mid, self.ufrag, pwd, *lines)

    def candidates(self):
        return [f"a=candidate:{value}" for value in sdp.values(self.pc.localDescription.sdp, "candidate")]

    async def move(self, **headers):
        """Goes on from another port with a new ICE session, as a phone does from another network; answers the PATCH."""
        ice = aioice.Connection(ice_controlling=True)
        await ice.gather_candidates()
        lines = [f"a=candidate:{candidate.to_sdp()}" for candidate in ice.local_candidates]
        body = fragment(self.mid, ice.local_username, ice.local_password, *lines, "a=end-of-candidates")
        answer = await self.patch(body, **headers)
        if answer.status != 200:
            await ice.close()
            return answer
        ice.remote_username = sdp.values(answer.body, "ice-ufrag")[0]
        ice.remote_password = sdp.values(answer.body, "ice-pwd")[0]
        for value in sdp.values(answer.body, "candidate"):
            await ice.add_remote_candidate(aioice.Candidate.from_sdp(value))
        await ice.add_remote_candidate(None)
        await ice.connect()
        await self.ice.switch(ice)
        return answer


class WhipSender(HttpMixin, Sender):
    def __init__(self, http, endpoint, *, headers=None, **options):
        Sender.__init__(self, None, **options)
        self.reach(http, endpoint, headers)

    async def start(self, edit=same, edit_answer=same):
        await self.make_offer()
        answer = await self.post(edit, edit_answer)
        assert answer.status == 201, answer
        return self


class OfferingReceiver(Receiver):
    async def make_offer(self):
        await self.pc.setLocalDescription(await self.pc.createOffer())


class WhepReceiver(HttpMixin, OfferingReceiver):
    def __init__(self, http, endpoint, *, headers=None, direction="recvonly", **options):
        Receiver.__init__(self, None, **options)
        self.reach(http, endpoint, headers)
        self.pc.addTransceiver("audio", direction=direction)

    async def start(self, edit=same):
        """Until packets arrive."""
        await self.make_offer()
        answer = await self.post(edit)
        assert answer.status == 201, answer
        await self.rtp.more(1)
        return self


class IceSwitch:
    """Stands between aiortc's DTLS and its ICE, which cannot begin anew: another connection can take its place."""

    def __init__(self, ice):
        self._ice = ice
        self._packets = asyncio.Queue()
        self._pump = None

    async def connect(self):
        await self._ice.connect()
        self._pump = asyncio.create_task(self._take_from(self._ice))

    async def switch(self, ice):
        before, self._ice = self._ice, ice
        self._pump.cancel()
        self._pump = asyncio.create_task(self._take_from(ice))
        await before.close()

    async def send(self, data):
        await self._ice.send(data)

    async def recv(self):
        packet = await self._packets.get()
        if packet is None:
            raise ConnectionError
        return packet

    async def close(self):
        if self._pump:
            self._pump.cancel()
        await self._packets.put(None)
        await self._ice.close()

    def __getattr__(self, name):
        return getattr(self._ice, name)

    def __setattr__(self, name, value):
        mine = name in ("_ice", "_packets", "_pump")
        object.__setattr__(self if mine else self._ice, name, value)

    async def _take_from(self, ice):
        try:
            while True:
                await self._packets.put(await ice.recv())
        except ConnectionError:
            if ice is self._ice:
                await self._packets.put(None)


def assert_problem(answer, status, words=""):
    """An error that says in a document what is wrong (RFC 9457)."""
    assert answer.status == status, answer
    assert answer.headers["Content-Type"] == "application/problem+json"
    if answer.body:  # HEAD has none
        assert answer.json["status"] == status
        assert answer.json["title"] and words in answer.json["detail"]


def fragment(mid, ufrag, pwd, *lines):
    return sdp.join(
        [f"a=ice-ufrag:{ufrag}", f"a=ice-pwd:{pwd}", "m=audio 9 UDP/TLS/RTP/SAVPF 0", f"a=mid:{mid}", *lines]
    )
