"""Certificates of our own: a local authority, and the server's certificate that it signs.

A city's intranet has often no authority of its own.  The authority is made once and lives ten
years; its certificate is installed on the clients.  The server's own certificate lives 397 days and
is made anew a month before its end, or when the machine has got another name or address.
"""

import ipaddress
import os
import socket
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

AUTHORITY_DAYS, SERVER_DAYS, RENEW_DAYS = 3652, 397, 30
Key = ec.EllipticCurvePrivateKey


class Files(NamedTuple):
    """Where the certificates lie."""

    authority: Path
    certificate: Path
    key: Path


def ensure(folder: Path, names: Iterable[str], now: datetime | None = None) -> Files:
    """The server's certificate for some names and addresses, made anew where it must be."""
    moment = now or datetime.now(UTC)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    wanted = sorted(set(names))
    authority_key, authority = _authority(folder, moment)
    files = Files(folder / "ca.crt", folder / "server.crt", folder / "server.key")
    if not _fits(files, authority, wanted, moment):
        key = ec.generate_private_key(ec.SECP256R1())
        certificate = _server(key, authority_key, authority, wanted, moment)
        write(files.key, _private(key), 0o600)
        write(files.certificate, _public(certificate), 0o644)
    return files


def names_of_this_machine(more: Iterable[str] = ()) -> list[str]:
    """The names and addresses by which clients may call this machine."""
    host = socket.gethostname()
    found = {"localhost", "127.0.0.1", "::1", host, *more}
    try:
        found |= {str(info[4][0]) for info in socket.getaddrinfo(host, None)}
    except OSError:
        pass
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # sends nothing: asks which address would be used
            found.add(probe.getsockname()[0])
        except OSError:
            pass
    return sorted(name.partition("%")[0] for name in found if name not in ("*", "0.0.0.0", "::"))  # noqa: S104


def _authority(folder: Path, now: datetime) -> tuple[Key, x509.Certificate]:
    key_file, file = folder / "ca.key", folder / "ca.crt"
    if key_file.exists() and file.exists():
        key = serialization.load_pem_private_key(key_file.read_bytes(), None)
        certificate = x509.load_pem_x509_certificate(file.read_bytes())
        if isinstance(key, ec.EllipticCurvePrivateKey) and _lives(certificate, now, SERVER_DAYS):
            return key, certificate
    key = ec.generate_private_key(ec.SECP256R1())
    name = _name(f"Kaohe {socket.gethostname()} {now:%Y-%m-%d}"[:64])
    usage = x509.KeyUsage(False, False, False, False, False, True, True, False, False)
    certificate = (
        _builder(name, name, key.public_key(), now, AUTHORITY_DAYS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    write(key_file, _private(key), 0o600)
    write(file, _public(certificate), 0o644)
    return key, certificate


def _server(
    key: Key, authority_key: Key, authority: x509.Certificate, names: list[str], now: datetime
) -> x509.Certificate:
    issuer = x509.AuthorityKeyIdentifier.from_issuer_public_key(authority_key.public_key())
    usage = x509.KeyUsage(True, False, False, False, False, False, False, False, False)
    purpose = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH])
    alternatives = x509.SubjectAlternativeName([_general(name) for name in names])
    called = socket.gethostname() if socket.gethostname() in names else names[0]
    return (
        _builder(_name(called[:64]), authority.subject, key.public_key(), now, SERVER_DAYS)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(purpose, critical=False)
        .add_extension(issuer, critical=False)
        .add_extension(alternatives, critical=False)
        .sign(authority_key, hashes.SHA256())
    )


def _fits(files: Files, authority: x509.Certificate, names: list[str], now: datetime) -> bool:
    """Whether the server's certificate is there, ours, of these names and still good."""
    if not (files.certificate.exists() and files.key.exists()):
        return False
    certificate = x509.load_pem_x509_certificate(files.certificate.read_bytes())
    found = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    return (
        certificate.issuer == authority.subject
        and set(found) >= {_general(name) for name in names}
        and _lives(certificate, now, RENEW_DAYS)
    )


def _lives(certificate: x509.Certificate, now: datetime, days: int) -> bool:
    begins, ends = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    return begins <= now and ends - now > timedelta(days=days)


def _general(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name.encode("idna").decode("ascii"))


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, now: datetime, days: int
) -> x509.CertificateBuilder:
    begin = now - timedelta(hours=1)  # a client's clock may be slow
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(begin)
        .not_valid_after(begin + timedelta(days=days))
    )


def _private(key: Key) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


def _public(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)


def write(path: Path, content: bytes, mode: int) -> None:
    """A file with its rights from the first moment, there whole or not at all."""
    aside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode), "wb") as file:
            file.write(content)
        aside.replace(path)
    finally:
        aside.unlink(missing_ok=True)
