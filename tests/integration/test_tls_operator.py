# SPDX-License-Identifier: MIT
"""HTTPS with the operator's own certificate."""

import pytest
import pytest_asyncio
from voicecast_client import certificates, mp3
from voicecast_client.secure import SecureStudio, shown_certificate
from voicecast_client.server import LOOPBACK_ARGUMENTS, run_once
from voicecast_client.watchdog import eventually

JOIN_BYTES = 20 * 418  # a listener's first frames are made to stand alone


class Files:
    """The operator's files, and the authority that signs what is put into them."""

    def __init__(self, folder):
        self.authority = certificates.make_authority()
        self.trusted = folder / "authority.pem"
        self.trusted.write_bytes(self.authority.chain_pem())
        self.certificate = folder / "fullchain.pem"
        self.key = folder / "privkey.pem"

    def put(self, **options):
        return self.write(certificates.issue(self.authority, **options))

    def write(self, issued):
        self.certificate.write_bytes(issued.chain_pem())
        self.key.write_bytes(issued.key_pem())
        return issued.certificate

    def arguments(self):
        return ["--tls", f"{self.certificate},{self.key}", "--tls-port", "0"]


@pytest.fixture
def files(tmp_path):
    files = Files(tmp_path)
    files.first = files.put()
    return files


@pytest.fixture
def extra_arguments(files):
    return files.arguments()


@pytest_asyncio.fixture
async def secure(server, files):
    secure = SecureStudio(server, files.trusted)
    try:
        yield secure
    finally:
        await secure.close()


async def test_certificate_is_shown(server, secure, files):
    assert await shown_certificate(server.tls) == files.first
    assert (await secure.get_json("/health"))["status"] == "healthy"
    async with secure.get("/ca.crt") as response:
        assert response.status == 404


async def test_openssl_accepts_chain(server, files):
    address = server.tls.removeprefix("https://")
    status, out = await certificates.openssl(
        "s_client", "-connect", address, "-CAfile", files.trusted, "-verify_ip", "127.0.0.1", "-verify_return_error"
    )
    assert status == 0 and "Verify return code: 0 (ok)" in out, out


def another_key(files):
    files.key.write_bytes(certificates.issue(files.authority).key_pem())
    return files.key


def no_certificate(files):
    files.certificate.unlink()
    return files.certificate


def no_key(files):
    files.key.unlink()
    return files.key


def an_expired_one(files):
    files.put(days_left=-1, days_old=90)
    return files.certificate


def one_of_the_future(files):
    files.put(days_left=90, days_old=-1)
    return files.certificate


def garbage_for_a_certificate(files):
    files.certificate.write_bytes(b"\x00\xffnot PEM")
    return files.certificate


def garbage_for_a_key(files):
    files.key.write_text("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n")
    return files.key


def an_encrypted_key(files):
    issued = certificates.issue(files.authority)
    files.write(issued)
    files.key.write_bytes(issued.key_pem(password=b"secret"))
    return files.key


def an_empty_certificate(files):
    files.certificate.write_bytes(b"")
    return files.certificate


def the_names_swapped(files):
    files.certificate, files.key = files.key, files.certificate
    return files.certificate


FAULTS = [
    another_key, no_certificate, no_key, an_expired_one, one_of_the_future, garbage_for_a_certificate,
    garbage_for_a_key, an_encrypted_key, an_empty_certificate, the_names_swapped,
]  # fmt: skip


@pytest.mark.parametrize("spoil", FAULTS, ids=lambda spoil: spoil.__name__)
async def test_unusable_server_is_error_at_start(files, spoil):
    named = spoil(files)
    status, out, err = await run_once(*LOOPBACK_ARGUMENTS, *files.arguments())
    assert status == 1
    assert out == ""  # nobody is told that it listens
    lines = [line for line in err.split("\n") if line.strip()]
    assert len(lines) == 1, err
    assert str(named) in lines[0] and "--tls" in lines[0], err


async def test_expired_certificate_is_reported(files):
    an_expired_one(files)
    _, _, err = await run_once(*LOOPBACK_ARGUMENTS, *files.arguments())
    assert "expired" in err


async def test_new_certificate_keeps_connections(server, secure, files):
    sender = await secure.sender()
    path = f"/stream/{sender.stream_id}.mp3"
    plain = await secure.listener(path, base=server.audio)
    listener = await secure.listener(path)
    receiver = await secure.receiver()
    await listener.more(8000)

    second = files.put()
    server.reload()
    await until_shown(server, second)

    await listener.more(mp3.BYTES_PER_SECOND)
    await receiver.rtp.more(25)
    assert receiver.rtp.missing() == []
    assert await sender.client.streams() == [sender.stream_id]
    await assert_without_gap(listener, plain)
    newcomer = await secure.receiver()
    await newcomer.rtp.more(5)
    assert "new connections use the new certificate" in server.stderr()


async def test_broken_replacement_is_not_used(server, secure, files):
    listener = await live_listener(secure)
    files.certificate.write_text("not PEM")
    server.reload()
    await until_warned(server, files.certificate)
    assert await shown_certificate(server.tls) == files.first
    assert (await secure.get_json("/health"))["status"] == "healthy"
    await listener.more(8000)
    mp3.assert_station_format(listener.received)

    second = files.put()
    server.reload()
    await until_shown(server, second)


@pytest.mark.parametrize(
    "spoil", [another_key, no_key, no_certificate, an_expired_one, an_encrypted_key], ids=lambda spoil: spoil.__name__
)
async def test_invalid_files_keep_old_certificate(server, files, spoil):
    named = spoil(files)
    server.reload()
    await until_warned(server, named)
    assert await shown_certificate(server.tls) == files.first


async def test_repeated_fault_is_logged_once(server, files):
    named = no_certificate(files)
    server.reload()
    await until_warned(server, f"{named}: No such file")
    server.reload()
    garbage_for_a_certificate(files)
    server.reload()
    await until_warned(server, f"{named}: no certificate in PEM form")
    assert len(warnings(server)) == 2


async def test_files_replaced_by_symbolic_link(server, files, tmp_path):
    """Like certbot."""
    second = certificates.issue(files.authority)
    for path, text in ((files.certificate, second.chain_pem()), (files.key, second.key_pem())):
        target = tmp_path / f"{path.name}.2"
        target.write_bytes(text)
        path.unlink()
        path.symlink_to(target)
    server.reload()
    await until_shown(server, second.certificate)


async def test_expiring_certificate_is_used_with_notice(server, files):
    second = files.put(days_left=5)
    server.reload()
    await until_shown(server, second)
    assert f"{files.certificate}: the certificate expires on" in server.stderr()


async def live_listener(secure):
    sender = await secure.sender()
    listener = await secure.listener(f"/stream/{sender.stream_id}.mp3")
    await listener.more(4000)
    return listener


async def assert_without_gap(listener, reference):
    """All that came after the first frames is one piece of what another listener got."""
    heard = bytes(listener.received)
    mp3.assert_station_format(heard)
    missing = len(heard) - len(reference.received)
    await reference.more(max(missing, 0) + mp3.BYTES_PER_SECOND // 4)
    assert heard[JOIN_BYTES:] in reference.received


async def until_shown(server, certificate):
    async def is_shown():
        return await shown_certificate(server.tls) == certificate

    await eventually(is_shown, "the new certificate")


def warnings(server):
    return [line for line in server.stderr().splitlines() if " warn " in line]


async def until_warned(server, words):
    async def is_warned():
        return any(str(words) in line for line in warnings(server))

    await eventually(is_warned, f"a warning: {words}")
