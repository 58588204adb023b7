# SPDX-License-Identifier: MIT
"""WHIP and WHEP with tokens."""

import pytest
from voicecast_client import key_file
from voicecast_client.tokens import SECRET, sign
from voicecast_client.watchdog import eventually
from voicecast_client.whip import assert_problem

ABOUT_TO_EXPIRE_S = 3


@pytest.fixture
def extra_arguments(tmp_path):
    secret = tmp_path / "secret"
    secret.write_text(SECRET + "\n")
    return key_file.write(tmp_path, auth={"mode": "token", "secret_file": secret})


def bearer(**claims):
    return {"Authorization": f"Bearer {sign(**claims)}"}


async def is_live(studio):
    headers = bearer(listen="*")
    async with studio.http.get(studio.server.api + "/stream/status", headers=headers) as response:
        return (await response.json())["active_streams"]


async def go_live(studio, **options):
    sender = await studio.whip_sender(headers=bearer(publish=True), **options)
    (stream_id,) = await eventually(lambda: is_live(studio), "the stream")
    return sender, stream_id


async def test_without_token(studio):
    for peer in (studio.new_whip_sender(), studio.new_whep_receiver()):
        refused = await peer.knock()
        assert_problem(refused, 401, "a token is needed")
        assert refused.headers["WWW-Authenticate"] == "Bearer"
        assert_problem(await peer.ask("HEAD", peer.endpoint), 401)
        assert (await peer.ask("OPTIONS", peer.endpoint)).status == 200  # a preflight has none


async def test_token_after_several_blanks(studio):
    for blanks in ("  ", "   "):
        token = bearer(publish=True)["Authorization"].replace(" ", blanks)
        assert (await studio.new_whip_sender(headers={"Authorization": token}).knock()).status == 201
        nothing = await studio.new_whip_sender(headers={"Authorization": "Bearer" + blanks}).knock()
        assert_problem(nothing, 401)


async def test_bad_token(studio):
    refused = await studio.new_whip_sender(headers={"Authorization": "Bearer nonsense"}).knock()
    assert_problem(refused, 401, "not valid")
    assert refused.headers["WWW-Authenticate"] == 'Bearer error="invalid_token"'


async def test_token_without_permission(studio):
    _, stream_id = await go_live(studio)
    refused = await studio.new_whip_sender(headers=bearer(listen="*")).knock()
    assert_problem(refused, 403, "the token does not allow this")
    one_stream = bearer(listen=[stream_id])
    assert_problem(await studio.new_whep_receiver(headers=bearer(publish=True)).knock(), 403)
    assert_problem(await studio.new_whep_receiver(headers=one_stream).knock(), 403)  # whatever comes next
    assert_problem(await studio.new_whep_receiver("/whep/stream_x", headers=one_stream).knock(), 403)
    viewer = await studio.whep_receiver(f"/whep/{stream_id}", headers=one_stream)
    await viewer.assert_hears(440)


async def test_session_needs_token(studio):
    sender, _ = await go_live(studio)
    allowed, sender.headers = sender.headers, {}
    for answer in (await sender.delete(), await sender.patch(sender.fragment(), If_Match=sender.etag)):
        assert_problem(answer, 401)
    sender.headers = bearer(listen="*")
    assert_problem(await sender.delete(), 403)
    assert await is_live(studio)
    sender.headers = allowed
    assert (await sender.patch(sender.fragment(), If_Match=sender.etag)).status == 204
    assert (await sender.delete()).status == 200


async def test_token_in_address_is_kept_for_sessions(studio):
    sender = await studio.whip_sender(f"/whip?token={sign(publish=True)}")
    assert (await sender.ask("GET", sender.session)).status == 204
    assert (await sender.delete()).status == 200


async def test_session_ends_with_its_token(studio):
    await go_live(studio)
    viewer = await studio.whep_receiver(headers=bearer(listen="*", seconds=ABOUT_TO_EXPIRE_S))
    viewer.headers = bearer(listen="*")

    async def is_gone():
        return (await viewer.ask("GET", viewer.session)).status == 404

    await eventually(is_gone, "the end of the session")
    assert await is_live(studio)
