# SPDX-License-Identifier: MIT
"""With [auth] mode=token only permitted clients get access, until their token expires."""

import base64
import json
import time

import aiohttp
import pytest
import pytest_asyncio
from voicecast_client import key_file
from voicecast_client.raw_http import UPGRADE, ask, own_host
from voicecast_client.refusals import expect_refusals
from voicecast_client.server import run_once
from voicecast_client.signaling import SignalingClient
from voicecast_client.tokens import SECRET, sign

FROM_ELSEWHERE = ("X-Forwarded-For", "192.0.2.1")


@pytest.fixture
def extra_arguments(request, tmp_path):
    secret = tmp_path / "secret"
    secret.write_text(SECRET + "\n")
    limits = getattr(request, "param", {})
    return key_file.write(tmp_path, auth={"mode": "token", "secret_file": secret}, limits=limits)


EVERYTHING = {"publish": True, "listen": "*", "admin": True}


@pytest_asyncio.fixture
async def enter(server, studio):
    async def enter(**claims):
        return studio._keep(await SignalingClient.connect(f"{server.websocket}?token={sign(**claims)}"))

    return enter


async def get(server, path, token=None, *headers):
    authorization = [("Authorization", f"Bearer {token}")] if token else []
    return await ask(server.api, path, [own_host(server.api), *authorization, *headers])


@pytest.mark.parametrize("path", ["/stream/status", "/stream/latest.mp3", "/stream/stream_x.mp3", "/metrics"])
async def test_without_token(server, path):
    refused = await get(server, path, None, FROM_ELSEWHERE)
    assert (refused.status, refused.get("www-authenticate")) == (401, "Bearer")


@pytest.mark.parametrize("path", ["/health", "/", "/js/main.js", "/info"])
async def test_open_addresses(server, path):
    assert (await get(server, path, None, FROM_ELSEWHERE)).status == 200


BAD = {
    "nonsense": lambda: "nonsense",
    "expired": lambda: sign(-1, **EVERYTHING),
    "not yet valid": lambda: sign(nbf=int(time.time()) + 1000, **EVERYTHING),
    "another signature": lambda: sign(**EVERYTHING)[:-3] + "abc",
    "listen is a number": lambda: sign(listen=5),
    "end is a text": lambda: sign(exp="tomorrow"),
}


@pytest.mark.parametrize("make", BAD.values(), ids=BAD.keys())
@pytest.mark.parametrize("path", ["/stream/status", "/ws"])
async def test_bad_token(server, path, make):
    upgrade = UPGRADE if path == "/ws" else []
    refused = await get(server, path, make(), *upgrade)
    assert (refused.status, refused.get("www-authenticate")) == (401, 'Bearer error="invalid_token"')


async def test_token_without_permission(server):
    for path, claims in [
        ("/stream/status", {"publish": True}),
        ("/stream/latest.mp3", {"listen": ["stream_a"]}),
        ("/stream/stream_b.mp3", {"listen": ["stream_a"]}),
        ("/metrics", {"listen": "*"}),
    ]:
        refused = await get(server, path, sign(**claims), FROM_ELSEWHERE)
        assert (refused.status, refused.get("www-authenticate")) == (403, 'Bearer error="insufficient_scope"'), path


async def test_metrics_are_for_administrators_and_this_machine(server):
    assert (await get(server, "/metrics")).status == 200
    assert (await get(server, "/metrics", sign(admin=True), FROM_ELSEWHERE)).status == 200
    assert (await get(server, "/metrics", None, ("Forwarded", "for=127.0.0.1"))).status == 401


@pytest.mark.parametrize("extra_arguments", [{"trusted_proxies": "127.0.0.1"}], indirect=True)
@pytest.mark.parametrize("address", ["::1", "127.0.0.1", "127.0.0.2", "[::1]:80", "192.0.2.1, ::1", "::1, ::1", ""])
async def test_proxied_request_is_not_local(server, address):
    """A proxy on this machine that leaves what its client wrote into X-Forwarded-For as it is."""
    assert (await get(server, "/metrics", None, ("X-Forwarded-For", address))).status == 401
    assert (await get(server, "/metrics")).status == 200


@pytest.mark.parametrize("sign", ["X-Real-IP", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Ingress-Path", "Via"])
async def test_other_proxy_headers(server, sign):
    assert (await get(server, "/metrics", None, (sign, "x"))).status == 401


async def test_publish_and_listen_permissions(studio, enter):
    sender = await studio.new_sender(await enter(publish=True)).go_live()
    everybody = await studio.new_receiver(await enter(listen="*")).start()
    chosen = await studio.new_receiver(await enter(listen=[sender.stream_id])).start(sender.stream_id)
    await everybody.assert_hears(440)
    await chosen.assert_hears(440)
    stranger = await enter(listen=["stream_other"])
    await stranger.send("start_receiving")
    error = await stranger.expect_error("Server error: the token does not allow listening to this stream")
    assert (error["code"], error["stream_id"]) == ("forbidden", sender.stream_id)
    await stranger.send("start_sending")
    error = await stranger.expect_error("Server error: the token does not allow publishing")
    assert (error["code"], error.get("stream_id")) == ("forbidden", None)


async def test_refusals_are_counted(server, studio, enter):
    assert (await get(server, "/stream/status")).status == 401
    assert (await get(server, "/stream/status", "nonsense")).status == 401
    assert (await get(server, "/stream/status", sign(publish=True))).status == 403
    stranger = await enter(listen="*")
    await stranger.send("start_sending")
    await expect_refusals(studio, token=2, grant=2)


async def test_websocket_without_token(server):
    with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
        await SignalingClient.connect(server.websocket)
    assert refused.value.status == 401


async def test_token_in_address(studio, enter):
    sender = await studio.new_sender(await enter(publish=True)).go_live()
    token = sign(listen=[sender.stream_id])
    listener = await studio.listener(f"/stream/{sender.stream_id}.mp3?token={token}")
    await listener.assert_hears(440)


async def test_status_shows_permitted_streams(server, studio, enter):
    sender = await studio.new_sender(await enter(publish=True)).go_live()
    for listen, seen in [("*", [sender.stream_id]), ([sender.stream_id], [sender.stream_id]), (["stream_other"], [])]:
        status = await studio.get_json(f"/stream/status?token={sign(listen=listen)}")
        assert status["active_streams"] == seen
        assert [stream["id"] for stream in status["details"]] == seen


async def test_expired_token_ends_connection(studio, enter):
    sender = await studio.new_sender(await enter(publish=True)).go_live()
    receiver = await studio.new_receiver(await enter(seconds=5, listen="*")).start()
    listener = await studio.listener(f"/stream/latest.mp3?token={sign(5, listen='*')}")
    await listener.more(1000)
    assert await receiver.client.expect_close() == 1008
    await listener.until_end()
    assert await sender.client.streams() == [sender.stream_id]


async def test_tokens_are_not_logged(server, studio, enter):
    client = await enter(**EVERYTHING)
    bad = sign(-1, **EVERYTHING)
    await get(server, f"/stream/status?token={bad}")
    await client.close()
    await server.stop()
    assert "eyJ" not in server.stderr()


async def test_command_makes_tokens(server, extra_arguments):
    async def made(*arguments):
        status, out, err = await run_once("token", *arguments)
        assert status == 0, err
        return out.strip()

    claims = ["--publish", "--listen", "*", "--for", "30d"]
    token = await made(*claims, *extra_arguments)
    assert (await get(server, "/stream/status", token)).status == 200
    body = token.split(".")[1]
    content = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    assert content["publish"] is True and content["listen"] == "*" and "admin" not in content
    assert abs(content["exp"] - time.time() - 30 * 86400) < 100


@pytest.mark.parametrize("arguments, words", [
    (["--publish"], "--for"),
    (["--for", "30d"], "--publish, --listen or --admin"),
    (["--publish", "--for", "soon"], "not a time"),
    (["--publish", "--for", "30d"], "signing key missing"),
    (["--sing", "--for", "30d"], "--sing"),
])  # fmt: skip
async def test_token_command_names_missing_option(arguments, words):
    status, out, err = await run_once("token", *arguments)
    assert (status, out) == (2, "")
    assert words in err and err.count("\n") == 1


@pytest.mark.parametrize("auth, words", [
    ({"mode": "password"}, "none or token"),
    ({"mode": "token"}, "secret-file or public-key-file"),
    ({"mode": "token", "secret_file": "/nowhere/secret"}, "/nowhere/secret"),
    ({"mode": "token", "passphrase": "x"}, "unknown key"),
])  # fmt: skip
async def test_wrong_settings(tmp_path, auth, words):
    status, _, err = await run_once("--tls", "off", "--port", "0", "--ice-port", "0", *key_file.write(tmp_path, auth=auth))
    assert status == 1 and words in err
