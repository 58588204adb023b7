# SPDX-License-Identifier: MIT
"""Certificates for tests: made with `cryptography`, judged by openssl."""

import asyncio
import datetime
import ipaddress
from dataclasses import dataclass

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from .watchdog import within


@dataclass(frozen=True)
class Issued:
    """A private key and its certificate, perhaps with its issuer's certificate behind it."""

    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate
    issuer: x509.Certificate | None = None

    def key_pem(self, password=None):
        encryption = serialization.BestAvailableEncryption(password) if password else serialization.NoEncryption()
        return self.key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, encryption)

    def chain_pem(self):
        chain = [self.certificate, *([self.issuer] if self.issuer else [])]
        return b"".join(certificate.public_bytes(serialization.Encoding.PEM) for certificate in chain)


def read(path):
    """The first key and the first certificate of a PEM file."""
    text = path.read_bytes()
    certificate = text[text.index(b"-----BEGIN CERTIFICATE") :]
    return Issued(serialization.load_pem_private_key(text, None), x509.load_pem_x509_certificate(certificate))


def make_authority():
    key = ec.generate_private_key(ec.SECP256R1())
    builder = _builder("Test authority", key, "Test authority", days_left=365)
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    return Issued(key, builder.sign(key, hashes.SHA256()))


def issue(authority, days_left=90, days_old=1, names=None):
    """A server's certificate for 127.0.0.1 and localhost, or for the names in another certificate's extension."""
    key = ec.generate_private_key(ec.SECP256R1())
    issuer = authority.certificate
    builder = _builder("Test server", key, issuer.subject, days_left, days_old)
    builder = builder.add_extension(names or _LOOPBACK_NAMES, critical=False)
    return Issued(key, builder.sign(authority.key, hashes.SHA256()), issuer)


def address_names(address):
    """For issue(): an IP address alone."""
    return x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(address))])


def names_of(certificate):
    return certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value


def is_authority(certificate):
    return certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca


async def openssl(*arguments):
    """Runs it with no input; returns its status and all of its output."""
    process = await asyncio.create_subprocess_exec(
        "openssl", *map(str, arguments), stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    try:
        out, _ = await within(process.communicate(), f"openssl {arguments[0]}")
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    return process.returncode, out.decode()


_LOOPBACK_NAMES = x509.SubjectAlternativeName(
    [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
)


def _builder(subject, key, issuer, days_left, days_old=1):
    now = datetime.datetime.utcnow()
    return (
        x509.CertificateBuilder()
        .subject_name(_name(subject))
        .issuer_name(issuer if isinstance(issuer, x509.Name) else _name(issuer))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=days_old))
        .not_valid_after(now + datetime.timedelta(days=days_left))
    )


def _name(text):
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])
