"""What a container meets on its way to AWS: a DNS server, and TLS with a certificate of a private authority.

Both serve as long as the tests run.
"""

import datetime
import socket
import ssl
import struct
import threading

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

LOCALHOST = "127.0.0.1"


class Dns:
    """Knows one name, which is on this machine, and says of every other that it does not exist (RFC 1035)."""

    def __init__(self, name):
        self.name = name
        self.asked = []
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind((LOCALHOST, 53))
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self):
        while True:
            question, sender = self.socket.recvfrom(512)
            self.socket.sendto(self._answer(question), sender)

    def _answer(self, message):
        labels, at = [], 12
        while length := message[at]:
            labels.append(message[at + 1 : at + 1 + length].decode())
            at += 1 + length
        question = message[12 : at + 5]
        known = ".".join(labels) == self.name
        self.asked.append(".".join(labels))
        an_address = known and question[-4:] == struct.pack(">HH", 1, 1)
        header = message[:2] + struct.pack(">5H", 0x8180 if known else 0x8183, 1, an_address, 0, 0)
        # The name again, type A, class IN, kept for a second.
        address = struct.pack(">HHHIH", 0xC00C, 1, 1, 1, 4) + socket.inet_aton(LOCALHOST)
        return header + question + (address if an_address else b"")


class Tls:
    """Takes TLS and hands what is in it to a plain port. `authority` is the certificate that has to be trusted."""

    def __init__(self, folder, port):
        self.authority = folder / "authority.pem"
        certificate = folder / "certificate.pem"
        issue(self.authority, certificate)
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(certificate)
        self.to = port
        self.socket = socket.create_server((LOCALHOST, 0))
        self.endpoint = f"https://localhost:{self.socket.getsockname()[1]}"
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self):
        while True:
            connection, _ = self.socket.accept()
            threading.Thread(target=self._connection, args=(connection,), daemon=True).start()

    def _connection(self, connection):
        try:
            with self.context.wrap_socket(connection, server_side=True) as client:
                with socket.create_connection((LOCALHOST, self.to)) as server:
                    threading.Thread(target=copy, args=(server, client), daemon=True).start()
                    copy(client, server)
        except OSError:
            pass  # a client that does not trust the certificate goes away


def copy(source, target):
    try:
        while data := source.recv(65536):
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)
    except OSError:
        pass


def issue(authority, certificate):
    """Writes a private authority's certificate, and one with its key that it has signed for localhost."""
    root_key, key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    root_name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "A private authority")])
    root = signed(root_name, root_key.public_key(), root_name, root_key, x509.BasicConstraints(ca=True, path_length=0))
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    alternative = x509.SubjectAlternativeName([x509.DNSName("localhost")])
    leaf = signed(name, key.public_key(), root_name, root_key, alternative)
    encoding = serialization.Encoding.PEM
    secret = key.private_bytes(encoding, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    authority.write_bytes(root.public_bytes(encoding))
    certificate.write_bytes(leaf.public_bytes(encoding) + secret)
    authority.chmod(0o644)


def signed(subject, key, issuer, issuer_key, extension):
    now = datetime.datetime.now(datetime.timezone.utc)
    day = datetime.timedelta(days=1)
    builder = x509.CertificateBuilder(issuer, subject, key, x509.random_serial_number())
    builder = builder.not_valid_before(now - day).not_valid_after(now + day)
    return builder.add_extension(extension, critical=False).sign(issuer_key, hashes.SHA256())
