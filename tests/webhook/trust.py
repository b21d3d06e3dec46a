"""A certificate for this machine's name, and how a worker comes to trust it."""

import datetime
import ipaddress
import os
import ssl

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

ONE_DAY = datetime.timedelta(days=1)


def make_certificate(folder):
    """A certificate of `localhost` that signs itself.

    :return: path of a PEM file with its key
    """
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.datetime.now(datetime.timezone.utc)
    names = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - ONE_DAY)
        .not_valid_after(now + ONE_DAY)
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = folder / "localhost.pem"
    path.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    return path


def serve_by_tls(fake, path):
    """Let a `FakeService` speak TLS.

    :return: its address
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    server = fake._server
    # Each connection shakes hands in its own thread: one that does not must not stop the others.
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    return fake.url.replace("http://127.0.0.1", "https://localhost")


def trust(path):
    """Run in a worker: certificates in this file are trusted."""
    os.environ["SSL_CERT_FILE"] = path


def distrust():
    """Run in a worker: only the machine's own ones are."""
    os.environ.pop("SSL_CERT_FILE", None)


def set_limits(step, whole):
    """Run in a worker: seconds after which an answer is given up."""
    from odoo.addons.cobranca_recorrente.tools import webhook

    webhook.TIMEOUT_S, webhook.ANSWER_S = step, whole
