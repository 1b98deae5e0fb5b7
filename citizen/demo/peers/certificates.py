"""Keys made on the spot: a certificate for the loopback, a service account that nobody issued."""

import json
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID

PEM = serialization.Encoding.PEM
PKCS8 = serialization.PrivateFormat.PKCS8
OPEN = serialization.NoEncryption()
GOOD_FOR = timedelta(days=3650)


def make_certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate for localhost, its own authority. Returns (certificate, key) files."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    names = [x509.DNSName("localhost"), x509.IPAddress(ip_address("127.0.0.1"))]
    built = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + GOOD_FOR)
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    certificate_file, key_file = folder / "peer.pem", folder / "peer.key"
    certificate_file.write_bytes(built.public_bytes(PEM))
    _write_secret(key_file, key.private_bytes(PEM, PKCS8, OPEN))
    return certificate_file, key_file


def make_account(folder: Path, *, token_uri: str, project: str = "dalbit") -> Path:
    """A service account as Google hands them out, whose key is good for our own peer alone."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    account = {
        "type": "service_account",
        "project_id": project,
        "private_key_id": f"{datetime.now(UTC).timestamp():.0f}",
        "private_key": key.private_bytes(PEM, PKCS8, OPEN).decode(),
        "client_email": f"sender@{project}.example",
        "token_uri": token_uri,
    }
    file = folder / "fcm-account.json"
    _write_secret(file, json.dumps(account).encode())
    return file


def make_web_push_key(folder: Path) -> Path:
    """A VAPID key (RFC 8292)."""
    key = ec.generate_private_key(ec.SECP256R1())
    file = folder / "web-push.pem"
    _write_secret(file, key.private_bytes(PEM, PKCS8, OPEN))
    return file


def _write_secret(file: Path, content: bytes) -> None:
    file.touch(mode=0o600)
    file.write_bytes(content)
