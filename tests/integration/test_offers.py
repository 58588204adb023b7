# SPDX-License-Identifier: MIT
"""Each client's offer gets a valid answer (RFC 8829 §5.3.1, RFC 9143 §7.3)."""

import re

import pytest
from voicecast_client import offers, sdp

pytestmark = pytest.mark.shared_server


def media_sections(text):
    return [part.split("\n") for part in re.split(r"\n(?=m=)", text.replace("\r\n", "\n").strip("\n"))[1:]]


def value(section, attribute):
    found = [line.partition(":")[2] for line in section if line.startswith(f"a={attribute}:")]
    return found[0] if found else None


def words(section):
    return section[0].removeprefix("m=").split(" ")


def opus_of(section):
    return sdp.opus_payload_type("\n".join(section))


async def answer_to(studio, offer):
    client = await studio.client()
    await client.send("start_sending")
    await client.expect("sender_ready")
    await client.send("webrtc_offer", offer={"type": "offer", "sdp": offer})
    return (await client.expect("webrtc_answer"))["answer"]["sdp"]


def check_declined(offer, told, voice):
    """All but the voice is declined, or inactive where the bundle's transport is there; all say what the transport is."""
    tagged = [group.split(" ")[1] for group in sdp.values(offer, "group")]
    for section in told:
        is_accepted = section is voice or value(section, "mid") in tagged
        assert (words(section)[1] != "0") == is_accepted
        assert section is voice or "a=inactive" in section
        for attribute in ("ice-ufrag", "ice-pwd", "fingerprint", "setup"):
            assert value(section, attribute) == value(voice, attribute)
        assert "a=rtcp-mux" in section
        assert bool(value(section, "candidate")) == is_accepted


def check(offer, answer, direction):
    """Checks every answer; returns the audio section of both."""
    asked, told = media_sections(offer), media_sections(answer)
    assert [words(section)[0] for section in told] == [words(section)[0] for section in asked]
    assert [value(section, "mid") for section in told] == [value(section, "mid") for section in asked]
    (voice,) = (section for section in told if words(section)[0] == "audio")
    check_declined(offer, told, voice)
    (asked_voice,) = (section for section in asked if words(section)[0] == "audio")
    assert set(words(voice)[3:]) <= set(words(asked_voice)[3:])
    assert opus_of(voice) == opus_of(asked_voice)
    assert f"a={direction}" in voice and "a=rtcp-mux" in voice
    session = offer.replace("\r\n", "\n").split("\nm=")[0].split("\n")
    assert value(voice, "setup") == {"actpass": "active", "active": "passive", "passive": "active"}[
        value(asked_voice, "setup") or value(session, "setup")
    ]
    assert value(voice, "ice-ufrag") and value(voice, "ice-pwd") and value(voice, "fingerprint")
    accepted = [value(section, "mid") for section in told if words(section)[1] != "0"]
    assert sdp.values(answer, "group") == ([f"BUNDLE {' '.join(accepted)}"] if sdp.values(offer, "group") else [])
    assert "transport-cc" not in answer and "a=extmap:" not in answer
    return asked_voice, voice


@pytest.mark.parametrize("name", offers.of_senders())
async def test_answer_is_valid_for_offer_of_sender(studio, name):
    offer = offers.text(name)
    asked_voice, voice = check(offer, await answer_to(studio, offer), "recvonly")
    nack = f"a=rtcp-fb:{opus_of(voice)} nack"
    assert (nack in voice) == (nack in map(str.rstrip, asked_voice))


@pytest.mark.parametrize("name", offers.of_listeners())
async def test_answer_is_valid_for_offer_of_listener(studio, server, name):
    await studio.sender()
    offer = offers.text(name)
    async with studio.http.post(
        f"{server.api}/whep/latest", data=offer, headers={"Content-Type": "application/sdp"}
    ) as response:
        assert response.status == 201, await response.text()
        check(offer, await response.text(), "sendonly")
    async with studio.http.delete(server.api + response.headers["Location"]) as gone:
        assert gone.status == 200
