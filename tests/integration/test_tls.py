# SPDX-License-Identifier: MIT
"""HTTPS with the server's generated certificate."""

import asyncio
import contextlib
import datetime
import ssl
import stat

import aiohttp
import pytest
import pytest_asyncio
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from voicecast_client import certificates, mp3
from voicecast_client.certificates import openssl
from voicecast_client.secure import SecureStudio, shown_certificate
from voicecast_client.server import Server
from voicecast_client.watchdog import eventually

MAX_DAYS = 825  # Apple's limit
NEARLY_OVER_DAYS = 10


@pytest.fixture
def state(tmp_path):
    return tmp_path / "state"


@pytest.fixture
def extra_arguments(state):
    return ["--tls", "auto", "--tls-port", "0", "--state-dir", str(state)]


@pytest_asyncio.fixture
async def secure(server, state):
    secure = SecureStudio(server, state / "ca.crt")
    try:
        yield secure
    finally:
        await secure.close()


@pytest.fixture
def another_start(request, tmp_path, extra_arguments):
    """Starts a server on the same state directory, after another has ended or in its absence."""

    @contextlib.asynccontextmanager
    async def start():
        server = Server(tmp_path / f"server.stderr.{len(getattr(request.node, 'servers', []))}")
        request.node.servers = [*getattr(request.node, "servers", []), server]
        try:
            yield await server.start(*extra_arguments)
        finally:
            await server.stop()

    return start


async def test_first_start_generates_certificates(server, state):
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in [state, *state.iterdir()]}
    assert modes == {"state": 0o700, "ca.pem": 0o600, "server.pem": 0o600, "ca.crt": 0o644}
    assert b"PRIVATE KEY" not in (state / "ca.crt").read_bytes()
    assert server.tls.startswith("https://127.0.0.1:")


NAMES = [("localhost", "-verify_hostname"), ("127.0.0.1", "-verify_ip"), ("::1", "-verify_ip")]


@pytest.mark.parametrize("name, option", NAMES)
async def test_openssl_accepts_certificate(server, state, tmp_path, name, option):
    address = server.tls.removeprefix("https://")
    trusting = ["-CAfile", state / "ca.crt", option, name]
    status, out = await openssl("s_client", "-connect", address, *trusting, "-verify_return_error", "-showcerts")
    assert status == 0 and "Verify return code: 0 (ok)" in out, out
    received = tmp_path / "received.pem"
    received.write_text(out[out.index("-----BEGIN") : out.rindex("-----END CERTIFICATE-----") + 26])
    for purpose in ([], ["-purpose", "sslserver", "-x509_strict"]):
        status, out = await openssl("verify", *trusting, *purpose, received)
        assert status == 0 and out.strip().endswith("OK"), out


async def test_openssl_refuses_another_name(server, state):
    address = server.tls.removeprefix("https://")
    trusting = ["-CAfile", state / "ca.crt", "-verify_hostname", "evil.example", "-verify_return_error"]
    status, out = await openssl("s_client", "-connect", address, *trusting)
    assert status != 0 and "hostname mismatch" in out, out


async def test_browser_requirements_of_certificate(server, state):
    shown, authority = await shown_certificate(server.tls), certificates.read(state / "ca.pem").certificate
    for certificate in (shown, authority):
        assert isinstance(certificate.public_key().curve, ec.SECP256R1)
        assert isinstance(certificate.signature_hash_algorithm, hashes.SHA256)
    assert shown.not_valid_before <= datetime.datetime.utcnow()
    assert shown.not_valid_after - shown.not_valid_before <= datetime.timedelta(days=MAX_DAYS)
    assert shown.not_valid_after <= authority.not_valid_after
    assert certificates.is_authority(authority)
    assert not certificates.is_authority(shown)
    assert shown.public_key() != authority.public_key()


async def test_second_start_shows_same_certificate(another_start, state):
    async with another_start() as server:
        first = await shown_certificate(server.tls)
        files = contents(state)
    async with another_start() as server:
        assert await shown_certificate(server.tls) == first
    assert contents(state) == files


async def test_deleted_certificate_is_regenerated(another_start, state):
    async with another_start() as server:
        first = await shown_certificate(server.tls)
    authority = contents(state, "ca.pem", "ca.crt")
    (state / "server.pem").unlink()
    async with another_start() as server:
        assert await shown_certificate(server.tls) != first
        await assert_trusted(server, state)
    assert contents(state, "ca.pem", "ca.crt") == authority


async def test_expiring_certificate_is_renewed_at_start(another_start, state):
    async with another_start():
        pass
    authority = contents(state, "ca.pem", "ca.crt")
    old = age(state)
    async with another_start() as server:
        assert_renewed(await shown_certificate(server.tls), old)
        await assert_trusted(server, state)
        assert "made a certificate for this server: it ends on" in server.stderr()
    assert contents(state, "ca.pem", "ca.crt") == authority


async def test_expiring_certificate_is_renewed_during_stream(another_start, state):
    async with another_start():
        pass
    authority = contents(state, "ca.crt")
    async with another_start() as server, opened_studio(server, state) as secure:
        first = await shown_certificate(server.tls)
        sender = await secure.sender()
        receiver = await secure.receiver()
        listener = await secure.listener(f"/stream/{sender.stream_id}.mp3")
        await listener.more(4000)
        old = age(state)
        server.reload()
        renewed = await until_another_is_shown(server, first)
        assert_renewed(renewed, old)
        await listener.more(mp3.BYTES_PER_SECOND)
        await receiver.rtp.more(25)
        mp3.assert_station_format(listener.received)
        assert receiver.rtp.missing() == []
        assert await sender.client.streams() == [sender.stream_id]
        await assert_trusted(server, state)
    assert contents(state, "ca.crt") == authority


async def test_reload_without_changes(server, secure, state):
    files, shown = contents(state), await shown_certificate(server.tls)
    (state / "ca.crt").unlink()
    server.reload()

    async def has_looked():
        return (state / "ca.crt").exists()  # put back

    await eventually(has_looked, "ca.crt")
    assert contents(state) == files
    assert await shown_certificate(server.tls) == shown


async def test_reload_right_after_start(another_start):
    """A supervisor may send SIGHUP as soon as the ports are printed; several starts, as it is a race."""
    for _ in range(10):
        async with another_start() as server:
            server.reload()
            async with aiohttp.ClientSession() as client, client.get(server.api + "/health") as response:
                assert response.status == 200


@pytest.mark.parametrize("extra_arguments", [[]], ids=["off"])
async def test_reload_without_https(studio):
    client = await studio.client()
    studio.server.reload()
    assert await client.streams() == []
    assert (await studio.get_json("/health"))["status"] == "healthy"


async def test_authority_to_install(server, secure, state):
    for base in (server.api, server.audio, server.tls):
        async with secure.get("/ca.crt", base) as response:
            assert response.status == 200
            assert response.headers["Content-Type"] == "application/x-x509-ca-cert"
            assert await response.read() == (state / "ca.crt").read_bytes()


@pytest.mark.parametrize("extra_arguments", [[]], ids=["off"])
async def test_no_authority_without_https(studio):
    async with studio.http.get(studio.server.api + "/ca.crt") as response:
        assert response.status == 404
    assert (await studio.get_json("/info"))["tls_port"] is None


async def test_info_has_https_port(server, secure):
    for base in (server.api, server.tls):
        assert server.tls.endswith(f":{(await secure.get_json('/info', base))['tls_port']}")


async def test_pages_learn_whether_something_lies_between(server, secure):
    """A proxy's fields, or a Host with another port: what this server's ports and certificate are is then of no use."""
    for base in (server.api, server.tls):
        assert (await secure.get_json("/info", base))["direct_url"] == base + "/"
        port = int(base.rsplit(":", 1)[1])
        for headers in ({"X-Forwarded-For": "10.0.0.9"}, {"X-Forwarded-Proto": ""}, {"Via": "1.1 proxy"},
                        {"Host": "127.0.0.1"}, {"Host": f"127.0.0.1:{port + 1}"}, {"Host": "studio.lan"}):  # fmt: skip
            async with secure.http.get(base + "/info", headers=headers, ssl=secure.ssl) as response:
                assert (response.status, (await response.json())["direct_url"]) == (200, None)


@pytest.mark.parametrize("path", ["/health", "/metrics", "/stream/status", "/info", "/"])
async def test_https_serves_what_http_does(server, secure, path):
    async with secure.get(path, server.api) as plain, secure.get(path) as response:
        assert response.status == plain.status == 200
        assert response.headers["Content-Type"] == plain.headers["Content-Type"]


async def test_https_has_same_rules_for_hosts_and_origins(secure):
    for headers in ({"Host": "evil.example"}, {"Origin": "https://example.com"}):
        async with secure.http.get(secure.server.tls + "/health", headers=headers, ssl=secure.ssl) as response:
            assert response.status == 403


async def test_client_without_authority_fails(server):
    async with aiohttp.ClientSession() as stranger:
        with pytest.raises(aiohttp.ClientConnectorCertificateError):
            await stranger.get(server.tls + "/health")


async def test_stream_by_wss(secure):
    sender = await secure.sender(frequency=440)
    receiver = await secure.receiver()
    await receiver.assert_hears(440)
    assert receiver.rtp.missing() == []
    await sender.client.close()
    await receiver.client.expect("stream_ended", stream_id=sender.stream_id)


async def test_mp3_by_https(secure):
    sender = await secure.sender(frequency=440)
    listener = await secure.listener(f"/stream/{sender.stream_id}.mp3")
    assert (listener.response.status, listener.response.content_type) == (200, "audio/mpeg")
    await listener.assert_hears(440)
    await sender.client.send("stop_stream")
    await listener.until_end()
    assert listener.error is None  # TLS says goodbye: not a broken connection
    mp3.assert_station_format(listener.received)


async def test_player_waits_over_https(secure):
    listener = await secure.listener("/stream/latest.mp3", {"Icy-MetaData": "1"})
    await listener.more(mp3.BYTES_PER_SECOND)
    await secure.sender()
    await listener.assert_hears(440)
    mp3.assert_station_format(listener.received)


async def test_stalled_listener_skips_to_live(server, secure):
    sender = await secure.sender()
    path = f"/stream/{sender.stream_id}.mp3"
    receiver = await secure.receiver()
    listeners = [await secure.listener(path), await secure.listener(path), await secure.listener(path, base=server.api)]
    slow = await secure.slow_listener(path)
    await asyncio.gather(*(listener.more(8 * mp3.BYTES_PER_SECOND) for listener in listeners))
    for listener in listeners:
        mp3.assert_station_format(listener.received)
    await listeners[0].assert_hears(440)
    assert receiver.rtp.missing() == []
    received = await slow.read(6 * mp3.BYTES_PER_SECOND)
    mp3.assert_station_format(received)
    await listeners[0].more(2 * mp3.BYTES_PER_SECOND)
    assert (await secure.get_json("/metrics"))["mp3_skips"] > 0, "it was not skipped ahead: this test shows nothing"
    assert received[-8000:] in listeners[0].received


async def test_garbage_on_tls_port_is_harmless(server, secure):
    async with secure.http.get(server.tls.replace("https", "http", 1) + "/health", allow_redirects=False) as response:
        assert (response.status, response.headers["Location"]) == (308, server.tls + "/health")
    assert (await secure.get_json("/health"))["status"] == "healthy"


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3], ids=lambda version: version.name)
async def test_tls_versions(secure, version):
    secure.ssl.minimum_version = secure.ssl.maximum_version = version
    assert (await secure.get_json("/health"))["status"] == "healthy"


async def test_state_directory_cannot_be_created(tmp_path):
    (tmp_path / "file").write_text("in the way")
    server = Server(tmp_path / "server.stderr")
    with pytest.raises(AssertionError, match="did not start"):
        await server.start("--tls", "auto", "--tls-port", "0", "--state-dir", str(tmp_path / "file" / "state"))
    lines = server.stderr().splitlines()
    assert len(lines) == 1 and str(tmp_path / "file") in lines[0], lines


def contents(directory, *names):
    return {path.name: path.read_bytes() for path in directory.iterdir() if not names or path.name in names}


def age(state):
    """Puts a certificate of the same names and authority in its place that is nearly over; returns it."""
    authority = certificates.read(state / "ca.pem")
    names = certificates.names_of(certificates.read(state / "server.pem").certificate)
    old = certificates.issue(authority, days_left=NEARLY_OVER_DAYS, days_old=380, names=names)
    (state / "server.pem").write_bytes(old.key_pem() + old.chain_pem())
    return old.certificate


def assert_renewed(shown, old):
    assert shown.serial_number != old.serial_number
    assert shown.not_valid_after - old.not_valid_after > datetime.timedelta(days=30)
    assert certificates.names_of(shown) == certificates.names_of(old)


async def assert_trusted(server, state):
    async with opened_studio(server, state) as secure:
        assert (await secure.get_json("/health"))["status"] == "healthy"


async def until_another_is_shown(server, than):
    async def another():
        shown = await shown_certificate(server.tls)
        return shown if shown != than else None

    return await eventually(another, "another certificate")


@contextlib.asynccontextmanager
async def opened_studio(server, state):
    secure = SecureStudio(server, state / "ca.crt")
    try:
        yield secure
    finally:
        await secure.close()
